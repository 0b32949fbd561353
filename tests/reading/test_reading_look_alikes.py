"""Letters that look alike are the same wherever texts are compared."""

import pytest
from reading.drawn import drawn

from evalbatch.campaign.roster import fold
from evalbatch.checks.view import flat
from evalbatch.expression.understanding import parse_target
from evalbatch.reading.layout import load_lexicon
from evalbatch.reading.lexicon import plain
from evalbatch.reading.read import read_sheets
from evalbatch.text.folding import LOOK_ALIKES, one_width

FORM = """
项⽬⽀出绩效⾃评表
（2022年度）
项⽬名称 | 修路
实施单位 | 示例区⺠政局
三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
⻓度 | ≥3公⾥ | 3公⾥ | 100 | 100
合计 |  |  | 100 | 100
"""


def test_look_alikes__every_one__folds_to_its_letter() -> None:
    """All of Unicode's Equivalent_Unified_Ideograph, and folding once is enough."""
    assert len(LOOK_ALIKES) > 300
    assert all(one_width(sign) == one_width(letter) for sign, letter in LOOK_ALIKES.items())


@pytest.mark.parametrize("folded", [fold, flat, plain, one_width])
def test_comparisons__names_with_radicals__are_the_same(folded) -> None:
    """Names of units, projects and labels."""
    assert folded("示例区⺠政局⻓坡所") == folded("示例区民政局长坡所")


def test_read__a_form_copied_out_of_a_pdf__is_read() -> None:
    """Labels and units of measure with radicals for letters, as PDF files give them; texts stay as written."""
    [form] = read_sheets([drawn(FORM)], load_lexicon(())).submissions
    assert (form.form, form.unit_name, form.indicators[0].target) == ("project", "示例区⺠政局", "≥3公⾥")
    assert parse_target("≥3公⾥").parts[0].measure == "公里"
