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


METHODS = {
    "按目标值": "完成目标得满分，未完成的按完成比例得分。参数：未完成、下限、超额、超额处理、定性。",
    "执行率": "分值×执行率，最高得满分。参数：满分，例如“满分：≥95%”。",
    "按比例": "分值×实际值÷满分标准，最高得满分；越少越好的反过来除。参数：满分、零分。",
    "分档": "从前往后，落在哪一档得哪一档的分。例如“≥95%：100%；≥80%：3分；其他：0”。",
    "扣分": "超过标准的，每超一步扣若干分，扣完为止。参数：标准、每、扣、不足。",
    "计数": "每符合一个条件得若干分。参数：每项；不写的，各条件平分。",
    "定性": "文字目标分档，各档给出得分范围，由人工核定。参数：档次。",
    "人工": "由人工核定；核定以前暂按自评得分计，不超过分值。",
}
"""What each way of scoring does, by the name that a scheme calls it."""


def explain_word(word: str) -> str:
    """What is told of a word: the way of scoring of that name, and the problems whose titles have it; "" of none.

    One problem is told in full, several are listed with their codes.
    """
    said = [f"评分方法“{name}”：{what}" for name, what in METHODS.items() if word in name]
    found = [rule for rule in CATALOGUE.values() if word in rule.title]
    found = found or [rule for rule in CATALOGUE.values() if word in rule.meaning]
    if len(found) == 1:
        said.append(explain(found[0]))
    elif found:
        said += [f"{rule.code}  {SEVERITIES[rule.severity]}  {rule.title}" for rule in found]
        said.append(f"看其中一条：evalbatch explain {found[0].code}")
    return "\n".join(said)


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
