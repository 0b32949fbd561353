"""A drawn workbook in, the same as an .ods file out: values as texts, which is all that these tests need."""

import os
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import load_workbook

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def as_ods(path: Path) -> Path:
    """Write a workbook's first sheet as .ods beside it, with its time, and take the workbook away."""
    page = load_workbook(path).worksheets[0]
    rows = "".join(
        f"<table:table-row>{''.join(_cell(cell.value) for cell in row)}</table:table-row>" for row in page.iter_rows()
    )
    body = f'<table:table table:name="{page.title}">{rows}</table:table></office:spreadsheet></office:body>'
    target = path.with_suffix(".ods")
    with zipfile.ZipFile(target, "w") as out:
        out.writestr("mimetype", _MIME)
        out.writestr("content.xml", f"{_HEAD}{body}</office:document-content>")
        out.writestr("META-INF/manifest.xml", _MANIFEST)

    times = path.stat()
    os.utime(target, (times.st_atime, times.st_mtime))
    path.unlink()
    return target


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        said = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{value}">{said}</table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'
