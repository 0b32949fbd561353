"""Click's own words in Chinese: help pages and usage errors, and commands that are imported when they are called."""

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
        _write_list(formatter, "选项", [(names, text.replace("[required]", "[必填]")) for names, text in records])


def _write_list(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    formatter.write(f"\n{heading}：\n")
    with formatter.indentation():
        formatter.write_dl(rows)


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
            return f"选项 {error.option_name} 后面缺少它的值。"
    if error.message.startswith("No such command"):
        name = error.message.split()[-1].strip(".'")
        return f"没有 {name} 这个命令。"
    if error.message.startswith("Missing command"):
        return "请写明要做什么。"
    if error.message.startswith("Got unexpected extra argument"):
        return f"多出了参数：{error.message.partition('(')[2].rstrip(')')}。"
    return error.message


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return (
        error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx or _NONE)
    )


_NONE = click.Context(click.Command("evalbatch"))


def _plain(message: str) -> str:
    for english, chinese in (
        ("is not a valid integer range", "不是整数"),
        ("is not a valid integer", "不是整数"),
        ("is not in the range", "不在允许的范围内："),
        ("is not one of", "只能是以下之一："),
        ("does not exist", "不存在"),
        ("is a directory", "是文件夹"),
        ("is a file", "是文件"),
    ):
        message = message.replace(english, chinese)
    return message.rstrip(".") + "。"
