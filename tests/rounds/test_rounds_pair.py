"""Two units that missed the same targets, one honest and one claiming full marks: fair to both, in every sentence."""

from collections.abc import Sequence

import pytest
from campaign_folder import table, workbook
from rounds.campaign_rounds import Rounds, stamp

pytestmark = pytest.mark.command

HONEST, BOASTFUL = "示例区甲局", "示例区乙局"
ROSTER = f"单位编码 | 单位名称 | 电子邮箱\n101 | {HONEST} | a@example.org\n102 | {BOASTFUL} | b@example.org"
REASON = "受台风影响，场地停用两个月，已列入下年计划补办。"
MISSED = """
产出指标 | 数量指标 | 开展活动场次 | ≥10场 | 9场 | 20
产出指标 | 数量指标 | 印发宣传册 | ≥5000册 | 近5000册 | 10
产出指标 | 质量指标 | 培训合格率 | ≥95% | 90% | 10
产出指标 | 时效指标 | 项目完成时间 | 2023年10月底前 | 2023年11月20日 | 10
效益指标 | 社会效益指标 | 政策知晓率 | ≥90% | 92% | 20
效益指标 | 可持续影响指标 | 长效机制建设 | 建立健全 | 制度尚未建立 | 10
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥95% | 98% | 10
"""
FULL = (20, 10, 10, 10, 20, 10, 10)
EARNED = (18, 6, 9.47, 6, 20, 6, 10)
"""What the rule gives where it gives one, and what is allowed meanwhile where only a person can tell."""


def submit(rounds: Rounds, unit: str, scores: Sequence[float], reason: str) -> None:
    """Send the unit's form with these scores; a reason where a target was missed."""
    total = 9 + sum(scores)
    rows: list[list[object]] = [
        ["部门整体支出绩效自评表"],
        ["（2023年度）"],
        ["单位名称", unit],
        ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", 100, 100, 90, 10, "90%", 9],
        ["其中：当年财政拨款", 100, 100, 90],
        ["年度总体目标", "预期目标", f"{unit}按期完成年度任务。", "", "实际完成情况", f"{unit}完成了主要任务。"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ]
    for line, score in zip(table(MISSED), scores, strict=True):
        met = line[2] in ("政策知晓率", "群众满意度")
        rows.append([*line[:5], float(line[5]), score, "" if met else reason])
    rows += [
        ["总分", "", "", "", "", 100, total],
        ["自评等级", "", "", "", "", "", "优" if total >= 90 else "良"],
        ["填表人：", "陈明", "联系电话：", "0759-3301234", "填报日期：", "2024-05-20"],
    ]
    path = rounds.inbox / unit / "自评表.xlsx"
    path.parent.mkdir(parents=True)
    stamp(workbook(path, rows), "2024-05-20")


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    made = Rounds(tmp_path_factory.mktemp("一对") / "批次", ROSTER)
    submit(made, HONEST, EARNED, REASON)
    submit(made, BOASTFUL, FULL, "")
    made.run()
    return made


def test_scores__of_the_same_results__are_the_same_whatever_was_claimed(rounds: Rounds) -> None:
    """A claim earns nothing: both come to one score and one range, and only one of them is cut for it."""
    honest, boastful = rounds.unit(HONEST), rounds.unit(BOASTFUL)
    for key in ("verified_score", "verified_grade", "lowest", "highest", "pending"):
        assert honest[key] == boastful[key], key
    assert (honest["self_score"], honest["verified_score"], boastful["self_score"]) == (84.47, 84.47, 99)


def test_sentences__to_the_honest_unit__ask_for_nothing(rounds: Rounds) -> None:
    """It told what it missed and why: no correction, no query; what is noted says that the reason was read."""
    unit = rounds.unit(HONEST)
    assert unit["status"] == "complete"
    assert {found["severity"] for found in unit["findings"]} == {"note"}
    assert [found["code"] for found in unit["findings"]] == ["A10", "A05", "A10", "A10", "A10"]
    assert all(f"已说明原因“{REASON}”" in found["message"] for found in unit["findings"] if found["code"] == "A10")
    letter = next(text for name, text in rounds.letters().items() if HONEST in name)
    assert "没有必须更正的问题，不用重新报送。" in letter


def test_sentences__to_the_boastful_unit__name_each_missed_target_once(rounds: Rounds) -> None:
    """Each full mark for a missed target, in figures or in words, is named; a value only where the rule gives one."""
    found = rounds.unit(BOASTFUL)["findings"]
    full = {
        one["cell"]: (one["code"], one["severity"], one["expected"]) for one in found if one["code"] in ("S08", "S13")
    }
    assert full == {
        "G9": ("S08", "must-fix", "18"),
        "G10": ("S08", "must-fix", None),
        "G11": ("S08", "must-fix", "9.47"),
        "G12": ("S08", "must-fix", None),
        "G14": ("S13", "query", None),
    }
    held = [one["message"] for one in found if one["cell"] in ("G10", "G12", "G14") and one["code"] in ("S08", "S13")]
    assert all("复核得分暂计6分，待人工核定" in message for message in held)
    assert not [message for message in held if "按规则计算" in message]
    assert [one["cell"] for one in found if one["code"] == "A06"] == ["H9", "H10", "H11", "H12"]
