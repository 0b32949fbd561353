"""A campaign folder in; files to double-click in it out, for clerks who open no terminal.

For Windows always, because a campaign made elsewhere is often worked on there; for macOS and Linux where the folder
is made. A window stays open with the result, and what to look at is opened.

Batch files are UTF-8 with CRLF and switch the code page before the first Chinese character. They have no labels and
no jumps: cmd.exe seeks by bytes and loses its place in such files. `pushd` gives a network folder a drive letter,
where `cd` would fail.
"""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Launcher:
    """One file to double-click: its name, the command, and what to open when the command has succeeded."""

    name: str
    command: str
    opens: str = ""
    says: str = ""


LAUNCHERS = (
    Launcher("检查并汇总", "run .", "output/汇总.xlsx"),
    Launcher("自动监视", "watch .", says="正在启动。关闭本窗口即停止监视。"),
    Launcher("预览邮件", "mail preview .", "output/mail"),
)
NOT_FOUND = "没有找到 evalbatch，请先安装，或请信息人员协助。"
FAILED = "没有完成，请按上面的提示处理后，再双击一次。"

_BAT = """\
@echo off
chcp 65001 >nul
set PYTHONUTF8=1
title {name}
pushd "%~dp0" || (pause & exit /b 1)
set "RUN="
if exist "%USERPROFILE%\\.local\\bin\\evalbatch.exe" set "RUN="%USERPROFILE%\\.local\\bin\\evalbatch.exe""
where evalbatch >nul 2>nul && set "RUN=evalbatch"
py -m evalbatch --version >nul 2>nul && set "RUN=py -m evalbatch"
{own}if not defined RUN echo {not_found}
{says}if defined RUN call %RUN% {command}
if not "%ERRORLEVEL%"=="0" (echo {failed}) else if defined RUN {opening}
echo.
pause
popd
"""

_SH = """\
#!/bin/sh
cd "$(dirname "$0")" || exit 1
export PYTHONUTF8=1
{own}if python3 -m evalbatch --version >/dev/null 2>&1; then run() {{ python3 -m evalbatch "$@"; }}
elif command -v evalbatch >/dev/null 2>&1; then run() {{ evalbatch "$@"; }}
elif [ -x "$HOME/.local/bin/evalbatch" ]; then run() {{ "$HOME/.local/bin/evalbatch" "$@"; }}
else run() {{ echo '{not_found}'; return 127; }}
fi
{says}if run {command}; then code=0; {opening}
else code=$?; echo '{failed}'
fi
if [ -t 0 ]; then printf '按回车键关闭。'; read -r _; fi
exit $code
"""


def write_launchers(folder: Path, platform: str = sys.platform, python: str = "") -> tuple[str, ...]:
    """Write the launchers for Windows and for this platform; return their names. Raises OSError.

    `python` is the interpreter that has evalbatch, tried first: in an environment of its own nothing else finds it.
    """
    names = []
    for launcher in LAUNCHERS:
        names.append(f"{launcher.name}.bat")
        (folder / names[-1]).write_text(
            _bat(launcher, python if platform == "win32" else ""), encoding="utf-8", newline="\r\n"
        )
    if platform != "win32":
        ending, opener = (".command", "open") if platform == "darwin" else (".sh", "xdg-open")
        for launcher in LAUNCHERS:
            names.append(launcher.name + ending)
            path = folder / names[-1]
            path.write_text(_sh(launcher, opener, python), encoding="utf-8", newline="\n")
            path.chmod(path.stat().st_mode | 0o111)
    return tuple(names)


def _bat(launcher: Launcher, python: str) -> str:
    own = python.replace("%", "%%")
    place = launcher.opens.replace("/", "\\")
    return _BAT.format(
        name=launcher.name,
        own=f'if exist "{own}" set "RUN="{own}" -m evalbatch"\n' if python else "",
        command=launcher.command,
        says=f"echo {launcher.says}\n" if launcher.says else "",
        opening=f'start "" "{place}"' if place else "echo.",
        not_found=NOT_FOUND,
        failed=FAILED,
    )


def _sh(launcher: Launcher, opener: str, python: str) -> str:
    own = shlex.quote(python)
    return _SH.format(
        own=f'if {own} -m evalbatch --version >/dev/null 2>&1; then run() {{ {own} -m evalbatch "$@"; }}\nel'
        if python
        else "",
        command=launcher.command,
        says=f"echo '{launcher.says}'\n" if launcher.says else "",
        opening=f"{opener} '{launcher.opens}' >/dev/null 2>&1 &" if launcher.opens else "",
        not_found=NOT_FOUND,
        failed=FAILED,
    )
