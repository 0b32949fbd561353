"""What the one module of looks promises to every sheet."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalbatch.sheets import look


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tone", look.TONES)
def test_tone__ink_on_its_ground__contrast_is_at_least_4_5(tone):
    """Every tone can be read on its own ground."""
    ink, ground = look.TONES[tone]
    light, dark = sorted((luminance(ground or look.PAPER), luminance(ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("整体支出", "整体支出"),
        ("收入/支出:[2023]*?", "收入 支出 2023"),
        ("  ", "表"),
        ("'引号'", "引号"),
        ("History", "History 表"),
        ("长" * 40, "长" * 31),
    ],
)
def test_sheet_name__any_wish__is_legal(wish, name):
    """A wish becomes a name that Excel accepts, as near to it as can be."""
    assert look.sheet_name(wish) == name


@given(st.lists(st.text(max_size=40), max_size=6))
def test_sheet_names__one_after_another__are_legal_and_unique(wishes):
    """Names never collide, not even by case alone, and never break Excel's rules."""
    names: list[str] = []
    for wish in wishes:
        names.append(look.sheet_name(wish, names))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'" != name[-1]


@given(st.text(st.characters(), max_size=300))
def test_safe_text__any_text__can_be_written_as_xml(text):
    """No character stays that a workbook can't hold; the others are kept."""
    safe = look.safe_text(text)
    safe.encode("utf-8")
    assert not any(ord(ch) < 32 and ch not in "\t\n" for ch in safe)
    assert len(safe) <= len(text)


def test_safe_text__longer_than_a_cell_holds__is_cut_and_says_so():
    """Text is never cut in silence."""
    safe = look.safe_text("长" * 40_000)
    assert len(safe) == look.LONGEST_TEXT
    assert safe.endswith(look.CUT_MARK)


@given(st.text(max_size=200))
def test_line_count__narrower_column__never_fewer_lines(text):
    """The narrower the column, the more lines a text takes."""
    counts = [look.line_count(text, width) for width in (60, 40, 20, 10)]
    assert all(before <= after for before, after in pairwise(counts))


@given(st.text(st.sampled_from("资金a1，。\n"), min_size=1, max_size=3000), st.sampled_from([1, 5, 20]))
def test_fit_text__any_length__fits_the_lines_given(text, lines):
    """A text either stays whole or says that there is more of it."""
    fitted = look.fit_text(text, 40, lines)
    assert look.line_count(fitted, 40) <= lines
    assert fitted == text or fitted.endswith(look.FIT_MARK)


@pytest.mark.parametrize("width", [0.0, 4.0, 8.0, 14.0, 22.8, 25.0, 40.3, 96.0])
def test_line_length__of_the_widest_letters__fits_one_line(width):
    """Text up to this length needs no measuring."""
    assert look.line_count("资" * max(0, look.line_length(width)), width) == 1
