"""Click's own words in Chinese: help pages and usage errors, and commands that are imported when they are called."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

WIDTH = 100


class ChineseCommand(click.Command):
    """A command whose help page is in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line, options named in Chinese."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help with a Chinese explanation."""
        return _help_option(super().get_help_option(ctx))


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command lives and what it does in a few words, so that the list of commands imports nothing."""

    module: str
    name: str
    does: str


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the work."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.lazy:
            return None
        place = self.lazy[cmd_name]
        command: click.Command = getattr(import_module(place.module), place.name)
        return command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, "命令 [选项] …", prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        _write_options(self, ctx, formatter)
        _write_list(formatter, "命令", [(name, place.does) for name, place in self.lazy.items()])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave the commands to format_options."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help with a Chinese explanation."""
        return _help_option(super().get_help_option(ctx))


def _help_option(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示本页说明。"
    return option


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    if records:
        _write_list(formatter, "选项", [(names, _extra_in_chinese(text)) for names, text in records])


def _extra_in_chinese(text: str) -> str:
    """Put what click adds to an option's help into Chinese.

    >>> _extra_in_chinese("同时用几个进程。  [1<=x<=256]"), _extra_in_chinese("方案。  [required]")
    ('同时用几个进程。（1到256）', '方案。（必填）')
    """
    text = text.replace("  [required]", "（必填）")
    return re.sub(r"  \[([\d.]+)<=x<=([\d.]+)\]", r"（\1到\2）", text)


def _write_list(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    """Write names and what they mean in two columns, as wide as they show: a Chinese character takes two places."""
    first = max(_places(name) for name, _ in rows) + 2
    formatter.write(f"\n{heading}：\n")
    for name, text in rows:
        lines = _wrapped(text, max(formatter.width - first - 4, 20))
        formatter.write(f"  {name}{' ' * (first - _places(name))}{lines[0]}\n")
        for line in lines[1:]:
            formatter.write(f"  {' ' * first}{line}\n")


def _places(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of so many places; never within a word or number, nor between a mark and its word."""
    lines = [""]
    for piece in re.findall(r"[（“]*(?:[!-~]+|.)[，。；：、）”]*", text):
        if lines[-1] and _places(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def usage_error(error: click.UsageError) -> str:
    """Say in Chinese what is wrong with a command line, and how to find the right one.

    >>> print(usage_error(click.NoSuchOption("--fast", possibilities=["--fresh"])))
    没有 --fast 这个选项。是否想用 --fresh？
    """
    text = _what(error)
    if error.ctx is not None:
        text += f"\n用法说明：{error.ctx.command_path} --help"
    return text


def _what(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            near = f"是否想用 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
            return f"没有 {error.option_name} 这个选项。{near}"
        case click.MissingParameter():
            return f"缺少参数 {_name(error)}。"
        case click.BadParameter():
            return f"参数 {_name(error)} 不对：{_plain(error.message)}"
        case click.BadOptionUsage():
            lacks = "requires" in error.message
            return f"选项 {error.option_name} 后面{'缺少它的值' if lacks else '不能写值'}。"
    if error.message.startswith("No such command"):
        name = error.message.split()[-1].strip(".'")
        return f"没有 {name} 这个命令。{_near(name, error.ctx)}"
    if error.message.startswith("Missing command"):
        return "请写明要做什么。"
    if error.message.startswith("Got unexpected extra argument"):
        return f"多出了参数：{error.message.partition('(')[2].rstrip(')')}。"
    return error.message


def _near(name: str, context: click.Context | None) -> str:
    known = context.command.list_commands(context) if context and isinstance(context.command, click.Group) else []
    near = difflib.get_close_matches(name, known, 2)
    return f"是否想用 {'、'.join(near)}？" if near else ""


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return (
        error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx or _NONE)
    )


_NONE = click.Context(click.Command("evalbatch"))


def _plain(message: str) -> str:
    """Put click's words about a wrong value into Chinese.

    >>> print(_plain("0 is not in the range 1<=x<=256."))
    “0”不在允许的范围（1到256）内。
    """
    for english, chinese in _WRONG_VALUES:
        if found := re.match(english, message):
            value, *rest = (part.strip("'") for part in found.groups())
            joined = ("到" if "range" in english else "、").join(rest)
            return chinese.format(value, joined.replace("', '", "、"))
    return message.rstrip(".") + "。"


_WRONG_VALUES = (
    (r"(.+) is not a valid integer", "“{0}”不是整数。"),
    (r"(.+) is not a valid float", "“{0}”不是数字。"),
    (r"(.+) is not in the range ([\d.]+)<=x<=(\d+(?:\.\d+)?)", "“{0}”不在允许的范围（{1}）内。"),
    (r"(.{1,200}) is not one of (.+)\.", "“{0}”不行，只能是以下之一：{1}。"),
    (r"(.{1,200}) is not ('.+')\.", "“{0}”不行，只能是：{1}。"),
)
