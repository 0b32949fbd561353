"""A machine and a campaign folder in; what is in order, what is not, and what to do about it, out."""

from collections.abc import Iterator
from pathlib import Path

from evalbatch.cli.doctor_campaign import examine_campaign
from evalbatch.cli.doctor_machine import examine_machine
from evalbatch.cli.doctor_mailbox import examine_mailbox
from evalbatch.cli.doctor_verdict import Verdict


def examine(folder: Path | None) -> Iterator[Verdict]:
    """Yield one verdict after another; without a campaign folder the machine alone is examined."""
    yield from examine_machine()
    if folder is not None:
        settings = yield from examine_campaign(folder)
        if settings is not None and settings.mail.host:
            yield from examine_mailbox(settings)
