"""A cell's text in, one Line out: same meaning in fewer characters, each of which knows where it stood."""

import re
from dataclasses import dataclass

from evalbatch.text.folding import LOOK_ALIKES

_TABLE = str.maketrans(
    dict(LOOK_ALIKES)
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("≧⩾≮", "≥")
    | dict.fromkeys("≦⩽≯", "≤")
    | dict.fromkeys("═﹦", "=")
    | dict.fromkeys("﹥〉", ">")
    | dict.fromkeys("﹤〈", "<")
    | dict.fromkeys("﹪٪", "%")
    | dict.fromkeys("～∼〜", "~")
    | dict.fromkeys("—–―－─‒−﹣‐‑", "-")
    | dict.fromkeys("∕⁄", "/")
    | {"﹐": ",", "﹔": ";", "∶": ":"}
    | dict.fromkeys("•・‧", "·")
    | dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\u202f\t", " ")
    | dict.fromkeys("\r\u2028\v", "\n")
)
_FORMAL = re.compile(
    r"(?<![壹贰叁肆伍陆柒捌玖拾佰仟零万亿])[壹贰叁肆伍陆柒捌玖拾佰仟零万亿]{2,}(?=[元圆人次个场户家件项%]|万|亿)"
)  # as on a cheque
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
FOOTNOTE = re.compile(r"(?<=[\u4e00-\u9fff%％‰])(?<![米里])[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
"""A raised digit behind a word or a percent sign points to a note; behind m or 米 it is an exponent."""
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00")
_SPACED_MARK = re.compile(r" (?=(?:\d{1,2}[、.)](?!\d)|\(\d{1,2}\)))")  # "5场 2、发放": the blank parts two items
_OPEN_END = frozenset("≥≤<>=≈±+-~/,、(")

_DASHES = r"[-_/\\|.。…·、,;:()\[\]〔〕\s]*"
_NOTHING = "无|暂无|空|空白|未填|未填报|不适用|不涉及|不涉|未涉及|无此项|无此指标|无数据|无内容|N/?A|n/?a|null|None|nil"
_BLANK = re.compile(f"{_DASHES}+(?:{_NOTHING})?{_DASHES}")

_POINTED_AT = "上|左|前|年初|原|附|预算|指标|目标|计划|批复|预期|报告|总结|说明|自评"
_UNREADABLE = re.compile(
    "|".join(
        (
            r"#(?:REF|DIV/0|VALUE|N/A|NAME|NUM|NULL|SPILL|CALC)\b|#{2,}",  # Excel's errors, and a column too narrow
            r"[*×○〇●□■◯◇]{2,}|[xX]{2,}|_{2,}|\?{2,}|[≥≤<>=]\?|^\?|\ufffd",  # masks
            r"\d[eE][+-]?\d|[½¼¾⅓⅔∞≠]|不(?:为|是|等于)\d|\d[wW][元人个户]|^[Oo]+(?=[个人次场件%])",
            r"[\ue000-\uf8ff](?=[\d.])|\d[\ue000-\uf8ff]",  # a sign of a font that is not told
            r"[百千万]分之(?![\d零一二两三四五六七八九十百])|\d分之",
            r"[壹贰叁肆柒捌玖佰仟拾](?=元|次|人|个|场|%|万|亿)",
            r"^[工乏之三主土王≡《》^§&@|$£€](?=\d)(?!\d+月|\d+年)|^[%‰]$|\(±",  # what scanning makes of ≥ and ≤
            r"^(?:不[低少高多大小长短]于|不超过|[大小低高多少]于(?:等于)?|超过|至少|最多|控制在)[一二三四五六七八九十百千个人次]?$",
            r"\b(?:19|20)\d{3,4}(?:-|~|至|到)(?:19|20)\d{3,4}(?![\d.万亿年]|[\u4e00-\u9fff])",  # 20246-202516: dates?
            r"[每次]月(?:的)?\d{1,2}[日号]",  # a day of every month
            r"(?<![\w.])[xX×*□○](?=[%‰人个次场家项万名户件元年月])",
            rf"^(?:同|详?见|参见|等同于?)(?:{_POINTED_AT})[^\d,;。]{{0,10}}\d{{0,2}}$",  # the value stands elsewhere
            r"同(?:年初|上述|左列|原定)(?:目标|指标|值|数|计划|预算)|与年初[^,;。]{0,6}(?:一致|相同)",
            r"第[OoQ]|\d[OolI]+(?=[\d一-鿿%])|(?<![A-Za-z\d])[OolI]\d+(?=[一-鿿%.])|^到0",  # what scanning makes of ≥10
        )
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is what the readers see; `origin[i]` is where its character i stood in `written`."""

    text: str
    written: str
    origin: tuple[int, ...]

    def cut(self, start: int, end: int) -> str:
        """The words as written between two places of `text`, without the punctuation round them."""
        if start >= end:
            return ""
        return self.written[self.origin[start] : self.origin[end - 1] + 1].strip(" \n\t，,;；。、：:")


def normalise(written: str) -> Line:
    """Fold full-width signs and rival spellings of operators, and take blanks out.

    A blank between two digits stays, for the number's reader to judge; a new line parts clauses.

    >>> normalise("≧ ９５ ％").text
    '≥95%'
    >>> normalise("1 234人").text
    '1 234人'
    """
    written = FOOTNOTE.sub(lambda mark: " " * len(mark[0]), written)
    written = written if "°" not in written else written.replace("°C", "℃ ")  # as long, so that places hold
    folded = _FORMAL.sub(lambda run: run[0].translate(_PLAIN), written.translate(_TABLE))
    if " " not in folded and "\n" not in folded and _INVISIBLE.isdisjoint(folded):
        return Line(folded, written, tuple(range(len(folded))))
    kept: list[str] = []
    origin: list[int] = []
    gap = ""
    for place, sign in enumerate(_SPACED_MARK.sub("\n", folded)):
        if sign in _INVISIBLE:
            continue
        if sign in " \n":
            gap = "\n" if "\n" in (sign, gap) else " "
            continue
        filler = _between(kept[-1], gap, sign) if gap and kept else ""
        kept.extend(filler + sign)
        origin.extend([place] * (len(filler) + 1))
        gap = ""
    return Line("".join(kept), written, tuple(origin))


def _between(before: str, gap: str, after: str) -> str:
    """What stays of a blank or a new line between two signs."""
    if (before.isdigit() and (after.isdigit() or after == ".")) or (before == "." and after.isdigit()):
        return " "
    return ";" if gap == "\n" and before not in _OPEN_END and not before.isdigit() else ""


def is_blank(text: str) -> bool:
    """Whether nothing is said: empty, 无, —, /, 不适用."""
    return _BLANK.fullmatch(text) is not None


def is_unreadable(text: str) -> bool:
    """Whether a mask, an Excel error or a pointer elsewhere stands where a value belongs."""
    return _UNREADABLE.search(text) is not None
