"""What commands print: text of strangers among it, which must not steer the terminal it is shown on."""

import json
import re
from typing import Any

import click

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    r"""Write out control characters, marks of direction and signs without width, as JSON writes them.

    Line ends and tabs stay. In a JSON document the escaped sign is the same sign.

    >>> visible("局\x1b[31m\u202e")
    '局\\u001b[31m\\u202e'
    """
    return _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text)


def echo(text: Any = "", *, err: bool = False) -> None:
    """Print a line, to standard error where `err` says so."""
    click.echo(visible(str(text)), err=err)
