"""A form in order as the parts of a workbook, in which a test changes single cells, rows, styles or parts.

Written by hand, because libraries don't write all that people's programs do: struck-out runs, pictures in cells.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

FORM = """
项目支出绩效自评表
（2023年度）
项目名称 | 农村供水管护
主管部门 | 示例区农业农村局 |  |  | 实施单位 | 示例区水务局
项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 100 | 100 | 95 | 10 | 95% | 9.5
 | 其中：当年财政拨款 | 100 | 100 | 95
年度总体目标 | 预期目标 |  |  | 实际完成情况
 | 完成供水工程管护 |  |  | 已完成
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
 | 产出指标 | 数量指标 | 管护供水工程数量 | ≥12处 | 12处 | 20 | 20
 |  | 质量指标 | 水质检测合格率 | ≥95% | 96% | 20 | 20
 |  | 时效指标 | 完成时间 | 2023年12月底前 | 2023年11月30日 | 10 | 10
 |  | 成本指标 | 总成本 | ≤100万元 | 95万元 | 10 | 10
 | 效益指标 | 社会效益指标 | 受益人数 | ≥1000人 | 1200人 | 20 | 20
 | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 92% | 10 | 10
总分 |  |  |  |  |  | 100 | 99.5
填报人：张某 |  |  | 联系电话：0759-1234567 |  |  | 填报日期： | 2024年5月20日
"""
"""Rows 1 to 18: money in C6:H7, indicators in D11:I16, the total in row 17, who and when in row 18."""
MERGES = ("A1:I1", "A2:I2", "B3:I3", "B4:D4", "F4:I4", "A5:A7", "A8:A9", "B8:D8", "E8:I8", "B9:D9", "E9:I9", "A10:A16")
STYLES = (
    '<styleSheet xmlns="{main}"><numFmts count="{many}">{formats}</numFmts><fonts count="{fonts}">'
    '<font><sz val="11"/><name val="宋体"/></font>{font}</fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders>'
    '<cellXfs count="{xfs}"><xf numFmtId="0" fontId="0"/>{xf}</cellXfs></styleSheet>'
)


@dataclass
class Drawing:
    """A workbook of one or more sheets; `cells` has XML by address instead of what the form has there.

    `formats` and `fonts` are number formats and fonts of further styles: style 1 is the first format, after the
    formats come the fonts.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    form: str = FORM
    rows: Mapping[int, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    formats: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    name: str = "自评表"
    state: str = ""
    merges: tuple[str, ...] = MERGES
    workbook: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    others: tuple["Drawing", ...] = ()

    def packed(self) -> bytes:
        """The workbook's bytes."""
        sheets = (self, *self.others)
        listed = "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{at}" r:id="rId{at}"{sheet.state}/>'
            for at, sheet in enumerate(sheets, 1)
        )
        related = [(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
        related.append(("rId90", "styles", "styles.xml"))
        parts = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{self.workbook}'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(related),
            "xl/styles.xml": self._styles(),
            **{f"xl/worksheets/sheet{at}.xml": sheet._sheet() for at, sheet in enumerate(sheets, 1)},
            **self.parts,
        }
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for part, text in parts.items():
                package.writestr(part, text)
        return target.getvalue()

    def _styles(self) -> str:
        formats = "".join(
            f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
            for at, code in enumerate(self.formats)
        )
        xfs = [f'<xf numFmtId="{164 + at}" fontId="0"/>' for at in range(len(self.formats))]
        xfs += [f'<xf numFmtId="0" fontId="{1 + at}"/>' for at in range(len(self.fonts))]
        return STYLES.format(
            main=MAIN, many=len(self.formats), formats=formats, fonts=1 + len(self.fonts),
            font="".join(f"<font>{font}</font>" for font in self.fonts), xfs=1 + len(xfs), xf="".join(xfs),
        )  # fmt: skip

    def _sheet(self) -> str:
        cells = {address: xml for address, xml in self._drawn() if xml}
        rows: dict[int, list[str]] = {}
        for address in sorted(cells, key=_place):
            rows.setdefault(_place(address)[0], []).append(cells[address])
        drawn = "".join(f'<row r="{row}"{self.rows.get(row, "")}>{"".join(xml)}</row>' for row, xml in rows.items())
        merged = "".join(f'<mergeCell ref="{area}"/>' for area in self.merges)
        merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        data = f"{self.before}<sheetData>{drawn}</sheetData>{merged}{self.after}"
        return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{data}</worksheet>'

    def _drawn(self) -> list[tuple[str, str]]:
        found = []
        for row, line in enumerate(self.form.strip("\n").splitlines(), 1):
            for column, text in enumerate(line.split(" | ")):
                address = f"{chr(65 + column)}{row}"
                if text.strip() and address not in self.cells:
                    found.append((address, text_or_number(address, text.strip())))
        return found + list(self.cells.items())


def text_or_number(address: str, text: str) -> str:
    """The XML of a cell of a number, else of a text."""
    return number(address, text) if text.replace(".", "", 1).isdecimal() else words(address, text)


def number(address: str, stored: str, style: int = 0) -> str:
    """The XML of a number."""
    return f'<c r="{address}" s="{style}"><v>{stored}</v></c>'


def words(address: str, text: str, style: int = 0) -> str:
    """The XML of a text in the cell itself."""
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def runs(address: str, *pieces: tuple[str, str]) -> str:
    """The XML of a text in runs, each (its properties, its text)."""
    inner = "".join(
        f"<r>{f'<rPr>{look}</rPr>' if look else ''}<t xml:space='preserve'>{escape(text)}</t></r>"
        for look, text in pieces
    )
    return f'<c r="{address}" t="inlineStr"><is>{inner}</is></c>'


def _relations(targets: list[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def _place(address: str) -> tuple[int, str]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), letters.rjust(3)
