"""The four ways to refuse a file unread, F01 to F04: what its sender is told, and how to mend it."""

from evalbatch.model import Finding, Refused

TITLES = {
    "F01": "文件无法打开",
    "F02": "文件已加密",
    "F03": "不是Excel工作簿",
    "F04": "文件过大或压缩异常",
}


def damaged(what: str, remedy: str = "请用Excel或WPS打开原文件，另存为.xlsx后重新报送。") -> Refused:
    """F01: the content is damaged or cannot be read; `what` is a Chinese clause."""
    return Refused(f"文件无法打开：{what}。", remedy=remedy, code="F01")


def encrypted(what: str = "文件设有打开密码，没有密码不能读取") -> Refused:
    """F02: a password is needed."""
    return Refused(
        f"文件已加密：{what}。",
        remedy="请在Excel中取消密码后重新报送，例如“文件→信息→保护工作簿”清除密码。",
        code="F02",
    )


def not_a_workbook(really: str, remedy: str = "请用Excel或WPS另存为“Excel工作簿（*.xlsx）”后重新报送。") -> Refused:
    """F03: another kind of file, whatever its name says; `really` names the kind in Chinese."""
    return Refused(f"不是Excel工作簿：文件内容实际是{really}。", remedy=remedy, code="F03")


def too_large(what: str, remedy: str = "请删去与填报无关的工作表、图片和空白行列，另存后重新报送。") -> Refused:
    """F04: over a limit; `what` says which, with both numbers."""
    return Refused(f"文件过大或压缩异常：{what}。", remedy=remedy, code="F04")


def as_finding(refused: Refused, path: str) -> Finding:
    """The finding that a refused file of the inbox carries; it must be fixed, whatever the code."""
    return Finding(
        code=refused.code,
        severity="must-fix",
        message=refused.message,
        remedy=refused.remedy,
        file=path,
        title=TITLES[refused.code],
    )
