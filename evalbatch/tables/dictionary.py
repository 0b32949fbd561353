"""TABLES in, docs/zh/data.md out: the data dictionary as people read it."""

from collections.abc import Iterator

from evalbatch.tables.rows import TABLES
from evalbatch.tables.schema import Column, TableSchema

_KINDS = {"text": "文本", "integer": "整数", "decimal": "小数", "date": "日期", "flag": "是或否"}
_HEAD = """# 数据字典

每次运行把结果写成长表，放在 `output/data/`。每张表有两个文件，内容相同：

- `表名.csv`：给人看，可直接用 Excel 或 WPS 打开。UTF-8 带 BOM，表头为中文，取值为中文词语。
- `表名.parquet`：给程序用。列名为英文，金额与分数是精确小数，封闭取值保留英文代号。

约定：

- 金额以万元计，比率以百分数计，分数以分计；小数最多六位，按四舍五入取舍。
- 空白表示没有填报或无法判断，绝不以 0 代替。
- 文本以 `=`、`+`、`-`、`@` 开头的，CSV 中前面加一个 `'`，防止被当作公式；普通负数不加。
- 位数超过 31 位的数值无法列入，留空。
- 同样的输入得到逐字节相同的文件。
"""


def dictionary() -> str:
    """The data dictionary as Markdown: conventions, then one section a table."""
    return "\n".join([_HEAD, *(line for schema in TABLES.values() for line in _section(schema))])


def _section(schema: TableSchema) -> Iterator[str]:
    yield f"## {schema.title} `{schema.name}`"
    yield ""
    yield f"一行是{schema.row_is}。"
    yield ""
    yield "| 列名 | 表头 | 类型 | 单位 | 来源 |"
    yield "|---|---|---|---|---|"
    for column in schema.columns:
        yield f"| `{column.name}` | {column.header} | {_KINDS[column.kind]} | {column.measure} | {_source(column)} |"
    yield ""


def _source(column: Column) -> str:
    words = "；".join(f"`{value}` {word}" for value, word in column.words.items())
    return f"{column.source}。取值：{words}" if words else column.source
