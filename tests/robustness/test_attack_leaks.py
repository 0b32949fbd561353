"""What strangers write must not steer a terminal, share a folder, win by a date of 2042 or take a poor machine down."""

import io
import os
import subprocess
import sys
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from campaign_folder import workbook
from many_units import unit_name, unit_workbook
from robustness.attacked import FORM, attacked, changed, evalbatch, results
from runs import ENVIRONMENT

from evalbatch.cli.echo import visible
from evalbatch.intake.archive import Archive
from evalbatch.model import Refused
from evalbatch.text.names import Namer, safe_name
from evalbatch.xlsx.limits import Limits

pytestmark = pytest.mark.command

STEERING = "\x1b[31m红\x9b2J\u202e反\u200b"


def steering(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"]


def test_check_and_inspect__signs_that_steer_a_terminal__are_written_out(tmp_path: Path) -> None:
    """In the file's name and in its cells, for people and as JSON."""
    sent = tmp_path / f"{STEERING}.xlsx"
    sent.write_bytes(changed({"D14": "指标1：新增\u202e学位\x9b31m", "E14": "≥十二\u2066百个"}))
    for words in (
        ("check", sent),
        ("inspect", sent),
        ("inspect", sent, "--json"),
        ("parse", STEERING, "--as", "target"),
    ):
        ended = evalbatch(*words)
        ended.assert_in_words(0, 1)
        assert steering(ended.said) == []


def test_visible__in_json__says_the_same_to_programs() -> None:
    """The escape is JSON's own."""
    import json

    document = json.dumps({"名": STEERING}, ensure_ascii=False)
    assert steering(visible(document)) == []
    assert json.loads(visible(document)) == {"名": STEERING}


def test_run__units_whose_names_look_alike_to_a_disk__have_folders_of_their_own(tmp_path: Path) -> None:
    """a/b and a:b are two units; a name of 60 four-byte characters is cut, and stops nobody."""
    names = ["甲/乙局", "甲:乙局", "con .局", "𠀀" * 60]
    wrong = [unit_workbook(n, unit_name(n), name) for n, name in enumerate(names)]
    campaign = attacked(tmp_path, {}, units=0)
    workbook(campaign / "units.xlsx", [["单位名称"], *[[name] for name in names]])
    for number, data in enumerate(wrong):
        data = data.replace(b"", b"")
        (campaign / "inbox" / f"{number}.xlsx").write_bytes(_without_total(data))
    evalbatch("run", campaign).assert_in_words(0)
    files = [file for file in results(campaign)["files"] if file["returned"]]
    assert len(files) == 4
    assert len({file["returned"].split("/")[1] for file in files}) == 4
    evalbatch("templates", campaign).assert_in_words(0)


def _without_total(data: bytes) -> bytes:
    """The workbook with a wrong total, so that it comes back."""
    from openpyxl import load_workbook

    book, made = load_workbook(io.BytesIO(data)), io.BytesIO()
    book[FORM]["H41"] = 12
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("name", ["con", "CON .txt", "COM¹", "conin$", "CONOUT$", "lpt²", "nul.xlsx", "clock$"])
def test_safe_name__reserved_by_windows__is_not_kept(name: str) -> None:
    """Superscripts and blanks before the ending count there too."""
    assert safe_name(name).startswith("＿")


def test_names__of_many_bytes__fit_every_file_system() -> None:
    """With a number, an ending and the sign of what is being written: 255 bytes."""
    namer = Namer()
    paths = [namer.path("x", "𠀀" * 300, ".xlsx") for _ in range(3)]
    assert len(set(paths)) == 3
    assert all(len(Path(path).name.encode()) < 240 for path in (*paths, safe_name("𠀀" * 300)))


def test_run__a_form_dated_in_2042__yields_to_its_correction(tmp_path: Path) -> None:
    """A day after the file was saved is none: it neither wins over what comes later nor makes the unit late."""
    settings = "deadline = 2024-05-31\n"
    sent = {"旧.xlsx": changed({"I47": "2042年5月1日", "H41": 12}, 0), "新.xlsx": changed({"I47": "2024年5月20日"}, 0)}
    campaign = attacked(tmp_path, sent, units=1, settings=settings)
    (campaign / "inbox" / f"{unit_name(0)}.xlsx").unlink()
    for name, day in (("旧.xlsx", "2024-05-10"), ("新.xlsx", "2024-05-20")):
        at = time.mktime(time.strptime(day + " 12", "%Y-%m-%d %H"))
        os.utime(campaign / "inbox" / name, (at, at))
    evalbatch("run", campaign).assert_in_words(0)
    status = {file["path"]: file["status"] for file in results(campaign)["files"]}
    assert status["旧.xlsx"] == "superseded"
    assert status["新.xlsx"] != "superseded"
    assert results(campaign)["units"][0]["status"] != "late"


def test_run__a_zip_of_nothing__costs_one_entry(tmp_path: Path) -> None:
    """1,000 empty members with long names are told once, not one by one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(1000):
            archive.writestr(f"{'长' * 20_000}{number}.xlsx", b"")
    campaign = attacked(tmp_path, {"空.zip": made.getvalue()}, units=1)
    began = time.perf_counter()
    evalbatch("run", campaign).assert_in_words(0)
    assert time.perf_counter() - began < 60
    assert [f["status"] for f in results(campaign)["files"] if f["path"].startswith("空.zip")] == ["rejected"]


@pytest.mark.parametrize(
    ("names", "content"),
    [
        ([f"{n}.txt" for n in range(400)], b"x"),
        (["长" * 2000 + ".xlsx"], b"x"),
        ([f"{n}.xlsx" for n in range(10)], b""),
    ],
)
def test_archive__much_of_nothing__is_refused_whole(names: list[str], content: bytes) -> None:
    """What isn't a workbook is not told one by one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    with pytest.raises(Refused):
        Archive(made, Limits())


def test_any_command__no_docstrings_or_few_files__says_so_in_a_sentence(tmp_path: Path) -> None:
    """-OO strips the catalogue; 16 descriptors are not enough for a worker."""
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "evalbatch", "explain"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "-OO" in done.stderr
    assert "Traceback" not in done.stderr
    campaign = attacked(tmp_path, {}, units=1)
    ended = evalbatch("run", campaign, before="ulimit -n 16")
    ended.assert_in_words(2)
    assert "ulimit" in ended.said
    evalbatch("run", campaign, before="ulimit -n 32").assert_in_words(0)
    evalbatch("run", campaign, "--fresh", before="ulimit -v 600000").assert_in_words(0, 2)
