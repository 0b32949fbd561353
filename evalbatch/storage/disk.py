"""What goes wrong with disks, in words that a clerk understands."""

import errno
import stat
from pathlib import Path

from evalbatch.model import Refused

_CAUSES = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件大小到了上限",
    errno.EACCES: "没有写入权限，或文件正被其他程序打开",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "所在的磁盘是只读的",
    errno.EIO: "磁盘或网络读写出错",
    errno.ENOENT: "文件或文件夹不见了，可能网络断开或被移走",
    errno.ESTALE: "网络共享已断开",
    errno.ENOTDIR: "它所在的位置不是文件夹",
    errno.EISDIR: "同名的是一个文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENAMETOOLONG: "路径太长",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EBUSY: "正被其他程序占用",
    errno.ETXTBSY: "正被其他程序占用",
    errno.EAGAIN: "正被其他程序占用",
    errno.ENOTEMPTY: "文件夹里还有别的文件",
    errno.ELOOP: "链接绕成了圈",
    errno.EXDEV: "两个文件夹不在同一个磁盘上",
    errno.ENODEV: "设备不见了",
    errno.ENXIO: "设备不见了",
    errno.ESPIPE: "它是管道或设备，不是文件",
    errno.EINVAL: "系统不接受这个名称或操作",
    errno.ENOMEM: "内存不足",
    errno.ETIMEDOUT: "网络没有回应",
    errno.ECONNRESET: "网络连接断开",
    errno.EHOSTDOWN: "网络上的那台电脑没有开机",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
}


def disk_error(error: BaseException) -> OSError | None:
    """Return the system's error behind another one: libraries wrap it, or hold it among their arguments."""
    seen: BaseException | None = error
    while seen is not None:
        for one in (seen, *seen.args):
            if isinstance(one, OSError):
                return one
        seen = seen.__cause__
    return None


def require_regular(path: Path) -> None:
    """Raise OSError for what is no regular file, links followed: a pipe would be waited for, a device never ends."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.ESPIPE, "no regular file", str(path))


def read_regular(path: Path, most: int = -1) -> bytes:
    """Return the bytes of a regular file, at most `most` of them; raises OSError, as `require_regular` too."""
    require_regular(path)
    with path.open("rb") as file:
        return file.read(most)


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of a file of the campaign's own; raises as read_regular, Refused beyond `most` bytes."""
    data = read_regular(path, most + 1)
    if len(data) > most:
        raise Refused(
            f"{path.name} 超过{most >> 20} MB，不像是手工填写的工作簿。",
            remedy="请删去无关的图片、工作表和空白行列，另存后再运行。",
        )
    return data


def words_of(error: OSError) -> str:
    """Say in Chinese what went wrong.

    >>> words_of(OSError(errno.ENOSPC, "No space left on device"))
    '磁盘空间不足'
    """
    return _CAUSES.get(error.errno or 0) or (f"系统报告第{error.errno}号错误" if error.errno else "读写出错")


def cannot_write(what: str, error: OSError, kept: str = "原有的内容没有改动。") -> Refused:
    """Return the one message for what can't be written: what it is, why, and what became of the old."""
    return Refused(
        f"{what}写不进去：{words_of(error)}。",
        remedy=f"请检查磁盘空间、写入权限和网络连接，关闭正在使用其中文件的程序后重试；{kept}",
    )
