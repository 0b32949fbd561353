"""What a clerk calls a form in, the form's name out: 数据表 is data. Names of a bureau's own forms stay as written."""

from collections.abc import Sequence

from rapidfuzz import process

from evalbatch.text.folding import one_width

TITLES = {
    "whole-unit": "部门整体支出绩效自评表",
    "data": "部门整体支出数据表",
    "score": "部门整体支出绩效评分表",
    "project": "项目支出绩效自评表",
}
"""The built-in forms by name, with their titles."""
_ALSO = {
    "whole-unit": "整体支出绩效自评表 部门整体绩效自评表 部门整体自评表 整体自评表 部门整体支出 部门整体 整体支出",
    "data": "数据表 部门数据表 整体支出数据表",
    "score": "评分表 绩效评分表 部门整体评分表 部门整体支出评分表 整体支出评分表",
    "project": "项目绩效自评表 项目支出自评表 项目自评表 项目支出 项目",
}


def _folded(text: str) -> str:
    return "".join(one_width(text).casefold().split()).strip("《》")


_KNOWN = {_folded(word): name for name in TITLES for word in (name, TITLES[name], *_ALSO[name].split())}


def form_name(text: str) -> str:
    """Return the form that a name or a title stands for; what is not known stays as it is.

    >>> [form_name(text) for text in ("数据表", "《部门整体支出绩效自评表》", "Project", "our-own")]
    ['data', 'whole-unit', 'project', 'our-own']
    """
    return _KNOWN.get(_folded(text), text)


def unknown_form(names: Sequence[str]) -> str | None:
    """Return the first name that is no built-in form's; None when there is none."""
    return next((name for name in names if name not in TITLES), None)


def remedy_for(name: str) -> str:
    """Say what to write instead of an unknown form's name."""
    near = process.extractOne(_folded(name), list(_KNOWN), score_cutoff=70)
    hint = f"是否应为“{TITLES[_KNOWN[near[0]]]}”？" if near else ""
    written = '名单里几种用、隔开，设置里写成 ["甲表", "乙表"]'
    return f"{hint}可以写：{'、'.join(TITLES.values())}；{written}。用本局表样的，请放进 input_templates 文件夹。"
