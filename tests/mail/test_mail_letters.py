"""Letters: who gets one, what it says, and what it may carry."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_units import score_sheet
from mail.mail_campaign import FINDING, after_a_run, mailing, result, settings, units_of, workbook
from unit_results import SCHEME, SEASON

from evalbatch.mail.letters import addresses_of
from evalbatch.mail.wording import PLACEHOLDERS, load_wording, read_wording
from evalbatch.mail.words import one_line
from evalbatch.model import Refused, Unit
from evalbatch.reports.returned.returned_copy import write_returned_copy

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "zh" / "mail.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four units: complete, to be corrected, missing, without an address."""
    complete, returned, missing, unknown = units_of(4)
    return after_a_run(
        tmp_path / "批次",
        [
            result(complete),
            result(returned, "returned", findings=12),
            result(missing, "missing"),
            result(replace(unknown, emails=())),
        ],
    )


def test_results__who_gets_a_letter__and_why_not(folder: Path) -> None:
    """Whoever has something to get and an address; the rest with the reason."""
    assert [(letter.ready, letter.none) for letter in mailing(folder).letters] == [
        (True, ""),
        (True, ""),
        (False, "没有可发的结果：未报送"),
        (False, "名单上没有电子邮箱"),
    ]


def test_reminders__go_to_those_who_owe_something(folder: Path) -> None:
    """Missing and to be corrected are reminded, complete ones are not; the returned copy goes along, no score sheet."""
    letters = mailing(folder, "reminder").letters
    assert [letter.ready for letter in letters] == [False, True, True, False]
    assert [attachment.name for attachment in letters[1].attachments] == ["示例002局_退回.xlsx"]
    assert "请于2024年5月31日前（期限已过的请立即）报送部门整体支出绩效自评表。" in letters[2].text


def test_letter__complete_unit__status_in_words_scores_and_nothing_to_correct(folder: Path) -> None:
    """What it has nothing to say of, the letter leaves out."""
    text = mailing(folder).letters[0].text
    assert "报送状态：已报齐" in text
    assert "自评得分：96分\n复核得分：95.28分（优）" in text
    assert "没有必须更正的问题" in text
    for absent in ("必须更正的问题共", "尚缺", "人工核定", "{{"):
        assert absent not in text


def test_letter__unit_that_must_correct__first_ten_findings_deadline_and_copies(folder: Path) -> None:
    """The list is bounded, the rest is counted; what to do, by when, and what is attached."""
    letter = mailing(folder).letters[1]
    assert "必须更正的问题共12项：" in letter.text
    assert "10. 资金合计不符：" in letter.text
    assert "11. 资金合计不符" not in letter.text
    assert "另有2项，见附件。" in letter.text
    assert "请在附件退回件中按标注逐项更正，于2024年6月7日前重新报送。" in letter.text
    assert [attachment.name for attachment in letter.attachments] == [
        "示例002局_复核评分表.xlsx",
        "示例002局_退回.xlsx",
    ]


def test_wording__own_mail_txt__is_used(folder: Path) -> None:
    """The campaign's wording wins, with the date of the returned copy; Notepad's Chinese code page is read too."""
    text = "主题：{{ 单位编码 }}号结果\n\n请于{{更正期限}}前办理：\n{{办理事项}}\n"
    (folder / "mail.txt").write_bytes(text.encode("gbk"))
    letter = mailing(folder).letters[1]
    assert letter.subject == "002号结果"
    assert letter.text.startswith(
        "请于2024年6月7日前办理：\n请在附件退回件中按标注逐项更正，于2024年6月7日前重新报送。"
    )


WRONG_WORDINGS = [
    ("主题：{{单位名}}\n\n正文", "第1行的 {{单位名}} 不认识", "{{单位名称}}"),
    ("主题：结果\n\n{{单位名称}\n", "第3行的大括号不成对", "{{单位名称}}"),
    ("正文没有开头\n", "第1行", "主题"),
    ("\n\n", "没有写主题", "主题："),
    ("主题：结果\n更正期限：2024-06-30\n\n正文", "第2行的更正期限", "correction_deadline"),
]


@pytest.mark.parametrize(("text", "said", "remedy"), WRONG_WORDINGS)
def test_wording__that_cannot_be_used__refused_with_line_and_remedy(text: str, said: str, remedy: str) -> None:
    """A clerk's slip is named by line, with what to write."""
    with pytest.raises(Refused) as refused:
        read_wording(text, "mail.txt")
    assert said in refused.value.message
    assert "mail.txt" in refused.value.message
    assert remedy in refused.value.remedy


def test_wording__line_whose_placeholders_are_all_empty__is_left_out() -> None:
    """A line with one value stays, a line without any goes, and blank lines do not pile up."""
    wording = read_wording("主题：x\n\n甲{{单位名称}}{{联系人}}\n\n共{{须更正项数}}项：\n\n完", "mail.txt")
    values = dict.fromkeys(PLACEHOLDERS, "") | {"单位名称": "示例局"}
    assert wording.fill(values) == ("x", "甲示例局\n\n完\n")


def test_document__names_every_placeholder_and_shows_the_built_in_wordings() -> None:
    """The guide can't fall behind."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, meaning in PLACEHOLDERS.items():
        assert f"| `{{{{{name}}}}}` | {meaning} |" in text
    for kind in ("result", "reminder"):
        assert "\n".join(load_wording(Path("nowhere"), kind).body) in text


@given(st.text())
def test_one_line__whatever_the_text__no_line_break_and_nothing_invisible(text: str) -> None:
    """Nothing of a name or a cell can begin a new header line."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == one_line(line)
    assert not any(ord(ch) < 32 or ch in "\x7f\u202e\u2028" for ch in line)
    line.encode()


ADDRESSES = [
    ("a@example.org", True),
    ("ａ＠example．org", True),  # full width, as an input method leaves it
    ("张三 <a@example.org>", False),
    ("a@example.org\nBcc: b@example.org", False),
    ("a@example.org b@example.org", False),
    ("@example.org", False),
    ("a@", False),
    ("a@-", True),
    ("a@例.cn", False),
    ('"a b"@example.org', False),
]


@pytest.mark.parametrize(("text", "usable"), ADDRESSES)
def test_addresses__only_plain_ones__are_used(text: str, usable: bool) -> None:
    """An address is an address and nothing more; the rest is reported."""
    good, wrong = addresses_of(Unit("1", "示例局", emails=(text,)))
    assert (bool(good), bool(wrong)) == (usable, not usable)


def edited(folder: Path, change: object) -> None:
    """Change run.json as someone with an editor might."""
    path = folder / "output" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record)
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def other_units_sheet(record: dict) -> None:
    record["units"][0]["score_sheet"] = record["units"][1]["score_sheet"]


def outside(record: dict) -> None:
    record["units"][0]["score_sheet"] = "../units.xlsx"


def other_units_copy(record: dict) -> None:
    record["units"][0]["returned"] = record["units"][1]["returned"]
    record["units"][1]["returned"] = []


@pytest.mark.parametrize("change", [other_units_sheet, outside, other_units_copy])
def test_attachment__that_is_not_provably_the_units__stops_its_letter(folder: Path, change: object) -> None:
    """A path of another unit, or out of the output folder, never leaves."""
    edited(folder, change)
    assert "附件" in mailing(folder).letters[0].fault or "退回件" in mailing(folder).letters[0].fault


def test_attachment__swapped_on_disk_for_another_units__stops_both_letters(folder: Path) -> None:
    """The workbook itself must name the unit, not only its file name."""
    one, two = (folder / "output" / x.attachments[0].path for x in mailing(folder).letters[:2])
    aside = one.with_suffix(".aside")
    one.rename(aside)
    two.rename(one)
    aside.rename(two)
    assert ["没有写本单位的名称" in letter.fault for letter in mailing(folder).letters] == [True, True, False, False]


def test_attachment__changed_since_the_run_though_it_names_the_unit__stops_its_letter(folder: Path) -> None:
    """Only what the last run made goes out: run.json has the hash of every output."""
    first = mailing(folder).letters[0]
    workbook(folder / "output" / first.attachments[0].path, [["单位名称", first.unit.name], ["复核得分", "100"]])
    assert [("不是最近一次运行" in letter.fault) for letter in mailing(folder).letters][:2] == [True, False]


def test_attachment__name_of_a_unit_that_begins_like_another__is_not_taken_for_it(tmp_path: Path) -> None:
    """示例区教育局 is not 示例区教育局幼儿园."""
    short, long = Unit("1", "示例区教育局", emails=("a@x.org",)), Unit("2", "示例区教育局幼儿园", emails=("b@x.org",))
    folder = after_a_run(tmp_path / "批次", [result(short), result(long)])
    shutil.copy(folder / "output/score_sheets/2_示例区教育局幼儿园_复核评分表.xlsx",
                folder / "output/score_sheets/1_示例区教育局_复核评分表.xlsx")  # fmt: skip
    assert "没有写本单位的名称" in mailing(folder).letters[0].fault


def test_attachment__missing_or_no_workbook__stops_its_letter(folder: Path) -> None:
    """What can't be read can't be proved."""
    one, two = (folder / "output" / x.attachments[0].path for x in mailing(folder).letters[:2])
    one.unlink()
    two.write_bytes(b"no workbook")
    faults = [letter.fault for letter in mailing(folder).letters]
    assert "读不出来" in faults[0]
    assert "打不开" in faults[1]


def test_letters__roster_changed_since_the_run__nobody_gets_anothers_results(folder: Path) -> None:
    """A unit that changed its code or left the roster gets nothing until the next run."""
    rows = [["单位编码", "单位名称", "电子邮箱"], ["009", "示例001局", "u001@example.org"], ["005", "新局", "n@x.org"]]
    workbook(folder / "units.xlsx", rows)
    letters = mailing(folder).letters
    assert not any(letter.ready for letter in letters)
    assert [letter.none for letter in letters[:2]] == ["名单在上次运行之后改动过，请重新运行"] * 2
    assert {letter.none for letter in letters[2:]} == {"名单上已没有这个单位"}


def test_letters__run_json_lacks_what_they_need__refused(folder: Path) -> None:
    """An edited run.json costs a message, not a traceback."""
    edited(folder, lambda record: record["units"][0].pop("findings"))
    with pytest.raises(Refused, match=r"run\.json"):
        mailing(folder)


def test_attachments__as_the_reports_really_are__name_their_unit(tmp_path: Path) -> None:
    """The proof that a workbook is a unit's rests on what the reports write."""
    folder = after_a_run(tmp_path / "批次", [result(units_of(1)[0], "returned", findings=1)])
    [letter] = mailing(folder).letters
    sheet, copy = (folder / "output" / each.path for each in letter.attachments)
    score_sheet(sheet, result(letter.unit), SCHEME, SEASON)
    write_returned_copy(sheet.read_bytes(), [FINDING], copy, letter.unit.name)
    edited(folder, lambda record: record["outputs"].pop("sha256"))
    assert mailing(folder).letters[0].ready
    write_returned_copy(sheet.read_bytes(), [FINDING], copy, "示例002局")
    assert not mailing(folder).letters[0].ready


def test_preview__an_eml_for_each_letter_and_an_index__and_the_runs_outputs_stay(folder: Path) -> None:
    """output/mail/ is a set of its own, without a clock: the same results give the same bytes."""
    before = {path: path.read_bytes() for path in (folder / "output").rglob("*") if path.is_file()}
    mailing(folder).preview()
    made = folder / "output" / "mail"
    first = {path.name: path.read_bytes() for path in made.iterdir()}
    assert sorted(first) == ["001_示例001局.eml", "002_示例002局.eml", "发信清单.xlsx"]
    mailing(folder).preview()
    assert {path.name: path.read_bytes() for path in made.iterdir()} == first
    assert all(path.read_bytes() == data for path, data in before.items())


def test_preview__of_reminders__takes_the_place_of_the_last_set(folder: Path) -> None:
    """Only the messages of the last command are there; a file of the clerk's own stays."""
    mailing(folder).preview()
    (folder / "output" / "mail" / "备注.txt").write_text("x")
    mailing(folder, "reminder").preview()
    names = {path.name for path in (folder / "output" / "mail").iterdir()}
    assert names == {"002_示例002局.eml", "003_示例003局.eml", "发信清单.xlsx", "备注.txt"}


def test_preview__wrong_sender__refused_with_its_place(tmp_path: Path) -> None:
    """The setting is named, and what to write."""
    toml = settings().replace("<jx@example.org>", "jx@")
    folder = after_a_run(tmp_path / "批次", [result(*units_of(1))], toml)
    with pytest.raises(Refused, match="sender"):
        mailing(folder).preview()
