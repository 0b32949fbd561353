"""A campaign and its output folder in; what no longer agrees with the last run's run.json out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evalbatch.batch.fingerprint import fingerprint
from evalbatch.batch.season_files import SETTINGS, files_below
from evalbatch.campaign.settings import load_settings
from evalbatch.intake.inbox import list_inbox
from evalbatch.model import Refused
from evalbatch.storage.disk import words_of
from evalbatch.storage.hashes import document_hash, file_hash
from evalbatch.storage.output_folder import second_name
from evalbatch.storage.staging import settle
from evalbatch.storage.state_json import read_json
from evalbatch.tables.manifest import FORMAT, NAME, RUN
from evalbatch.xlsx.limits import Limits

KINDS = {"output": "输出", "inbox": "收件", "input": "设置", "archive": "封存件"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as the last run left or found it; `says` is how, in Chinese."""

    kind: Literal["output", "inbox", "input", "archive"]
    path: str
    says: str

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} {self.path}：{self.says}"


def verify(folder: Path, output: Path | None = None) -> tuple[Difference, ...]:
    """Compare outputs, inbox and settings with run.json; nothing returned means that all is as the run left it.

    Refused when the folder is no campaign. Files that others put beside the outputs are none of ours, but a file more
    among the score sheets is told.
    """
    output = output or folder / "output"
    if not (folder / SETTINGS).is_file() and not (output / NAME).exists():
        raise Refused(f"“{folder}”不是批次文件夹，也没有运行结果。", remedy=f"请在命令后写明含有 {SETTINGS} 的文件夹。")
    settle(output)
    try:
        run = read_json(output / NAME, {**RUN, "units": list, "findings?": list})
        if run["format"] != FORMAT:
            raise ValueError(run["format"])
        return (*_of_outputs(run, output), *_of_inputs(run, folder), *_of_inbox(run, folder))
    except FileNotFoundError:
        return (Difference("output", NAME, "不存在，还没有运行或已被删去"),)
    except (OSError, ValueError, RecursionError):
        return (Difference("output", NAME, "读不出来或已被改动"),)


def _of_outputs(run: Mapping[str, Any], output: Path) -> Iterator[Difference]:
    if "sha256" not in run or "sha256" not in run["outputs"]:
        yield Difference("output", NAME, "没有校验值，不能证明什么；可能由旧版本生成")
        return
    if run["sha256"] != document_hash(run):
        yield Difference("output", NAME, "内容已改动")
    for name, sha256 in run["outputs"]["sha256"].items():
        if (says := compared(output / name, sha256)) is not None:
            second = second_name(name)
            if compared(output / second, sha256) is None:
                says = f"运行时正被其他程序打开，还是旧的；新的是“{second}”"
            yield Difference("output", name, says)
    yield from _added(run["outputs"], output)


def _added(outputs: Mapping[str, Any], output: Path) -> Iterator[Difference]:
    """Tell what lies among the outputs of a folder that a run fills, and is none of them."""
    hashes = outputs["sha256"]
    second = {second_name(name): sha256 for name, sha256 in hashes.items()}
    for folder in sorted({name.partition("/")[0] for name in hashes if "/" in name}):
        for below in files_below(output / folder):
            name = f"{folder}/{below}"
            if name not in hashes and (name not in second or compared(output / name, second[name]) is not None):
                yield Difference("output", name, "不是最近一次运行生成的")


def compared(path: Path, sha256: str) -> str | None:
    """Return how a file differs from its hash, in Chinese; None when it does not."""
    try:
        return None if file_hash(path) == sha256 else "内容已改动"
    except FileNotFoundError:
        return "已不存在"
    except OSError as error:
        return f"读不出来（{words_of(error)}）"


def _of_inputs(run: Mapping[str, Any], folder: Path) -> Iterator[Difference]:
    yield from _listed("input", run.get("inputs", {}), fingerprint(folder))


def _of_inbox(run: Mapping[str, Any], folder: Path) -> Iterator[Difference]:
    limits = _limits(folder)
    now = list_inbox(folder / "inbox", limits) if (folder / "inbox").is_dir() else ()
    # What is ignored, lock files for one, comes and goes; a ZIP that was opened counts by its members.
    yield from _listed(
        "inbox",
        {file["path"]: file["sha256"] for file in run["files"] if file["status"] != "ignored"},
        {source.path: source.sha256 for source in now if source.role != "ignored"},
    )


def _listed(kind: Literal["inbox", "input"], then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for path in sorted({*then, *now}):
        if path not in now:
            yield Difference(kind, path, "运行之后被移走或删去")
        elif path not in then:
            yield Difference(kind, path, "运行之后新增")
        elif then[path] != now[path]:
            yield Difference(kind, path, "运行之后改动过")


def _limits(folder: Path) -> Limits:
    try:
        limits = load_settings(folder / SETTINGS).limits
    except Refused:  # broken since the run: that file's own difference says so
        return Limits()
    return Limits(file_bytes=limits.file_mb << 20, seconds=limits.seconds, memory_bytes=limits.memory_mb << 20)
