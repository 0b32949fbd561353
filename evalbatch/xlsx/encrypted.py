"""A workbook's bytes in, the same without the encryption that Excel undoes without a question out.

Excel encrypts a workbook whose structure or sheets are protected, or that is marked as final by some programs, under a
password of its own, and opens it again unasked: to its unit such a file has no password.
"""

import io
import re

from evalbatch.xlsx.limits import Limits
from evalbatch.xlsx.ole import OLE, is_encrypted
from evalbatch.xlsx.refusals import encrypted, too_large
from evalbatch.xlsx.xml_parts import refuse_doctype

DEFAULT_PASSWORD = "VelvetSweatshop"
"""Excel's own (MS-OFFCRYPTO, 2.3.7.2 and 2.4.2.3)."""
MOST_SPINS = 1_000_000
"""Excel hashes a password 100,000 times; ten times as many take a second or two."""
SPINS = re.compile(rb"spinCount\s*=\s*[\"']\s*(\d+)").findall


def without_default_password(data: bytes, limits: Limits) -> bytes:
    """Return a workbook's bytes, decrypted where Excel's own password opens it.

    Raises Refused F02 where another password is needed, F04 where trying it would take too long.
    """
    if not data.startswith(OLE) or not is_encrypted(data):
        return data
    import msoffcrypto  # only an encrypted workbook needs it

    _check_cost(data)
    opened = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=DEFAULT_PASSWORD, **({"verify_password": True} if file.format == "ooxml" else {}))
        file.decrypt(opened)
    except MemoryError:
        raise
    except Exception as error:  # a wrong password and a damaged container lead to every kind of exception
        raise encrypted() from error
    if opened.tell() > limits.file_bytes:
        raise too_large("解密后的文件过大")
    return opened.getvalue()


def _check_cost(data: bytes) -> None:
    """Refuse a description of the encryption that would do harm: it lies in the container as plain XML."""
    refuse_doctype(data)
    if any(int(spins[:9]) > MOST_SPINS for spins in SPINS(data)):
        raise too_large("加密的迭代次数过多")
