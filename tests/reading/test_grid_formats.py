"""What a person sees of a stored number: the number format decides."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalbatch.reading.grid_cells import seen
from evalbatch.reading.grid_dates import shown_date
from evalbatch.reading.grid_numbers import shown_number, stored_number

ACCOUNTING = r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '

NUMBERS = [
    # stored, format, text, number, percent
    ("0.958", "0.0%", "95.8%", "95.8", True),
    ("0.97209", "0.00%", "97.21%", "97.21", True),
    ("0.125", "0%", "13%", "13", True),
    ("95.8", '0.00"%"', "95.80%", "95.8", True),
    ("89.974", "0.00", "89.97", "89.97", False),
    ("0.005", "0.00", "0.01", "0.01", False),
    ("-5.5", "0.00_ ", "-5.50", "-5.5", False),
    ("-5.5", "0.00;(0.00)", "(5.50)", "-5.5", False),
    ("-5.5", r"0.00_);[Red]\(0.00\)", "(5.50)", "-5.5", False),
    ("-0.001", "0.00", "0.00", "0", False),
    ("1234567.891", "#,##0.00", "1,234,567.89", "1234567.89", False),
    ("1234.5", "[$￥-804]#,##0.00", "￥1,234.50", "1234.5", False),
    ("0", ACCOUNTING, "-", "0", False),
    ("-1234.5", ACCOUNTING, "-1,234.50", "-1234.5", False),
    ("13.5", '0.00"万元"', "13.50万元", "13.5", False),
    ("96", 'General"分"', "96分", "96", False),
    ("96", "G/通用格式", "96", "96", False),
    ("12345", "0!.0,", "1.2", "1.2", False),
    ("1387900", '0!.0,"万"', "138.8万", "138.8", False),
    ("12345", "0!.0000", "1.2345", "1.2345", False),
    ("25000", '[>=10000]0!.0,"万";0', "2.5万", "2.5", False),
    ("500", '[>=10000]0!.0,"万";0', "500", "500", False),
    ("123456789", '0.00,,"百万"', "123.46百万", "123.46", False),
    ("5", "0.##", "5", "5", False),
    ("3", "000", "003", "3", False),
    ("1.5", "# ?/?", "1 1/2", "1.5", False),
    ("0.4", "# ?/4", "2/4", "0.4", False),
    ("12345", "0.00E+00", "1.23E+04", "12300", False),
    ("13800138000", "000-0000-0000", "138-0013-8000", "13800138000", False),
    ("0", "0;-0;;@", "", "0", False),
    ("12", "@", "12", "12", False),
]


@pytest.mark.parametrize(("stored", "code", "text", "number", "percent"), NUMBERS)
def test_number__under_a_format__is_what_is_shown(stored, code, text, number, percent):
    """Text, number and percentage agree with what the sheet shows."""
    shown = shown_number(Decimal(stored), code)
    assert (shown.text, shown.number, shown.percent) == (text, Decimal(number), percent)


DATES = [
    ('yyyy"年"m"月"d"日"', "2023年11月30日"),
    ('[$-804]yyyy"年"m"月";@', "2023年11月"),
    ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', "2023年11月30日"),
    ("[$-F800]dddd, mmmm dd, yyyy", "2023年11月30日"),
    ('m"月"d"日"', "11月30日"),
    ("yyyy/m/d", "2023-11-30"),
    (r"yyyy\-mm\-dd;@", "2023-11-30"),
    ("m/d", "2023-11-30"),
    ("mmm-yy", "2023-11"),
    ("yyyy/m/d h:mm", "2023-11-30 14:30"),
]
TIMES = [("h:mm", "14:30"), ('上午/下午h"时"mm"分"', "下午2时30分"), ("h:mm:ss AM/PM", "14:30:00")]
MOMENT = stored_number("45260.604166666664")


@pytest.mark.parametrize(("code", "text"), DATES)
def test_day_number__under_a_date_format__is_a_date(code, text):
    """Chinese formats show as written, others as ISO 8601."""
    assert shown_date(MOMENT, code, False) == (text, date(2023, 11, 30))


@pytest.mark.parametrize(("code", "text"), TIMES)
def test_day_number__under_a_time_format__is_a_time(code, text):
    """A mere time has no date."""
    assert shown_date(MOMENT, code, False) == (text, None)


def test_durations_and_old_calendars():
    """Hours run past 24; day numbers may count from 1904; day 60 of 1900 never was."""
    assert shown_date(Decimal("1.5"), "[h]:mm", False) == ("36:00", None)
    assert shown_date(Decimal(43798), "yyyy/m/d", True) == ("2023-11-30", date(2023, 11, 30))
    assert shown_date(Decimal(1), "yyyy/m/d", False) == ("1900-01-01", date(1900, 1, 1))
    assert shown_date(Decimal(61), "yyyy/m/d", False) == ("1900-03-01", date(1900, 3, 1))
    assert shown_date(Decimal(-1), "yyyy/m/d", False) is None


@pytest.mark.parametrize(
    ("stored", "number"),
    [
        ("138.79000000000002", "138.79"),
        ("0.95799999999999996", "0.958"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("1.0000000000000001E-5", "0.00001"),
    ],
)
def test_stored_number__has_fifteen_digits_and_no_noise(stored, number):
    """Binary noise is no part of what was entered."""
    assert f"{stored_number(stored):f}" == number


@pytest.mark.parametrize("stored", ["NaN", "INF", "1E+400", "abc", ""])
def test_stored_number__that_is_none__is_said_to_be_none(stored):
    """What is no finite number never becomes one."""
    assert stored_number(stored) is None


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("  绩效 ", "绩效"),
        ("\u3000绩\u3000效\xa0", "绩\u3000效"),
        ("\ufeff绩\u200b效\u200e", "绩效"),
        ("一\r\n二\r三\n", "一\n二\n三"),
        ("一_x000D_\n二", "一\n二"),
        ("_x4E00_", "一"),
        ("a\tb", "a b"),
        ("\u3164\u2800", ""),
        ("\x00\x07a", "a"),
        ("\ud800a", "a"),
        ("≥95%", "≥95%"),
    ],
)
def test_text__without_what_nobody_sees(stored, text):
    """Outer blanks and invisible characters go, line breaks stay."""
    assert seen(stored) == text


@given(st.text())
def test_text__seen_twice__is_the_same(text):
    """Reading what is seen changes nothing more."""
    assert seen(seen(text)) == seen(text) or "_x" in text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 4))
def test_plain_format__rounds_to_its_places(number, places):
    """A number under 0.00 differs from the stored one by half a place at most."""
    shown = shown_number(number, "0." + "0" * places if places else "0")
    assert abs(shown.number - number) <= Decimal(5).scaleb(-places - 1)
    assert Decimal(shown.text) == shown.number


@given(st.text(alphabet='0#?.,%;"!\\_*[]yYmdhseE+-/@年月 GgAP万', max_size=24), st.floats(-1e307, 1e307))
def test_any_format__shows_something_and_never_fails(code, stored):
    """Whatever a file gives as a format, a number comes out as text."""
    number = stored_number(repr(stored))
    dated = shown_date(number, code, False)
    assert isinstance(dated[0] if dated else shown_number(number, code).text, str)


def test_format_of_a_thousand_signs__does_no_harm():
    """A format's length is the file's to choose."""
    for code in ("0." + "0" * 1000, "0" + "%" * 1000, "0" + "," * 1000, "0/" + "9" * 1000, ";" * 1000, "[" * 1000):
        assert isinstance(shown_number(Decimal("1E+300"), code).text, str)
