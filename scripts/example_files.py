"""What is no workbook of ours in the worked example's inbox: archives, scans, locks, an encrypted file."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

MEMBER_TIME = (2024, 5, 30, 9, 0, 0)
SECTOR = 512
END_OF_CHAIN, FAT_SECTOR, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP as Windows makes it: names in GBK without the UTF-8 flag, times fixed."""
    packed = BytesIO()
    stand_ins = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for number, (name, content) in enumerate(members.items()):
            gbk = name.encode("gbk")
            stand_ins[f"@{number}".ljust(len(gbk), "@").encode()] = gbk
            entry = zipfile.ZipInfo(f"@{number}".ljust(len(gbk), "@"), MEMBER_TIME)
            out.writestr(entry, content, zipfile.ZIP_DEFLATED)
    data = packed.getvalue()
    for stand_in, gbk in stand_ins.items():
        data = data.replace(stand_in, gbk)
    return data


def sealed_scan() -> bytes:
    """A one-page PDF with a red ring where the seal would be."""
    ring = b"0.8 0.1 0.1 RG 4 w 300 420 m 300 447.6 277.6 470 250 470 c 222.4 470 200 447.6 200 420 c "
    ring += b"200 392.4 222.4 370 250 370 c 277.6 370 300 392.4 300 420 c S"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(ring), ring),
    )
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n0 5\n0000000000 65535 f \n" + table + tail


def photo() -> bytes:
    """A small PNG: grey paper with a darker stripe."""
    rows = b"".join(b"\0" + (b"\x9a" if 12 <= y < 16 else b"\xe8") * 32 for y in range(32))
    header = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


def lock_file(user: str) -> bytes:
    """What Excel leaves beside an open workbook: the user's name, twice, 165 bytes."""
    narrow = user.encode("gbk")
    wide = user.encode("utf-16-le")
    first = bytes([len(narrow)]) + narrow.ljust(54)
    return first + struct.pack("<H", len(user)) + wide + b" \0" * ((165 - len(first) - 2 - len(wide)) // 2)


def encrypted(size: int) -> bytes:
    """A workbook with an open password, as Office stores one: nobody knows the password, and no one needs it.

    The container and the description of the encryption are those of the format (MS-OFFCRYPTO, agile); what is
    encrypted is a chain of hashes in place of a workbook.
    """
    description = struct.pack("<HHI", 4, 4, 0x40) + _agile_description().ljust(SECTOR * 8).encode()
    package = struct.pack("<Q", size) + b"".join(_noise("package", number) for number in range(size // 32))
    return _compound_file({"EncryptionInfo": description, "EncryptedPackage": package})


def _noise(name: str, number: int) -> bytes:
    return hashlib.sha256(f"{name} {number}".encode()).digest()


def _agile_description() -> str:
    from base64 import b64encode

    def text(name: str, length: int) -> str:
        return b64encode((_noise(name, 0) + _noise(name, 1))[:length]).decode()

    cipher = (
        'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        f'<keyData {cipher} saltValue="{text("salt", 16)}"/>'
        f'<dataIntegrity encryptedHmacKey="{text("key", 64)}" encryptedHmacValue="{text("value", 64)}"/>'
        '<keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        f'<p:encryptedKey spinCount="100000" {cipher} saltValue="{text("own salt", 16)}" '
        f'encryptedVerifierHashInput="{text("input", 16)}" encryptedVerifierHashValue="{text("hash", 64)}" '
        f'encryptedKeyValue="{text("key value", 32)}"/></keyEncryptor></keyEncryptors></encryption>'
    )


def _compound_file(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB version 3) of two streams of 4096 bytes or more, in whole sectors."""
    chains, body, start = [FAT_SECTOR, END_OF_CHAIN], b"", 2
    entries = [_directory_entry("Root Entry", 5, END_OF_CHAIN, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), 1):
        count = -(-len(content) // SECTOR)
        sibling = number + 1 if number < len(streams) else FREE
        entries.append(_directory_entry(name, 2, start, len(content), right=sibling))
        chains += [*range(start + 1, start + count), END_OF_CHAIN]
        body += content.ljust(count * SECTOR, b"\0")
        start += count
    entries += [_directory_entry("", 0, 0, 0)] * (4 - len(entries))
    table = struct.pack(f"<{SECTOR // 4}I", *chains, *[FREE] * (SECTOR // 4 - len(chains)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    return header + table + b"".join(entries) + body


def _directory_entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    wide = (name + "\0").encode("utf-16-le") if name else b""
    head = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
    return head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
