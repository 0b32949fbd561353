"""Rules in, their explanation out: for the command line, and as the catalogue's page of the user guide."""

from itertools import groupby

from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.checks.rule import Rule

SEVERITIES = {"must-fix": "必须更正", "query": "请核实", "note": "提示"}


def explain(rule: Rule) -> str:
    """One rule in full: what it means, a wrong and a right example, what to do."""
    return "\n".join(
        (
            f"{rule.code} {rule.title}（{SEVERITIES[rule.severity]}）",
            f"说明：{rule.meaning}",
            f"错例：{rule.wrong}",
            f"正例：{rule.right}",
            f"整改：{rule.remedy}",
        )
    )


def explain_all() -> str:
    """The whole catalogue, one line a rule."""
    return "\n".join(f"{rule.code}  {SEVERITIES[rule.severity]}  {rule.title}" for rule in CATALOGUE.values())


def catalogue_page() -> str:
    """The catalogue as a page of the user guide (docs/zh/catalogue.md)."""
    lines = [
        "# 检查目录",
        "",
        "每条检查有固定的代码。级别分三等：必须更正，要退回单位；请核实，由单位或评审人说明；提示，仅供了解。",
        "级别和界限可以在评分方案工作簿里调整。命令 `evalbatch explain 代码` 显示同样的内容。",
    ]
    for family, rules in groupby(CATALOGUE.values(), key=lambda rule: rule.family):
        lines += ["", f"## {family}"]
        for rule in rules:
            lines += ["", f"### {rule.code} {rule.title}", ""]
            lines += [f"级别：{SEVERITIES[rule.severity]}。{rule.meaning}", ""]
            lines += [f"- 错例：{rule.wrong}", f"- 正例：{rule.right}", f"- 整改：{rule.remedy}"]
    return "\n".join(lines) + "\n"
