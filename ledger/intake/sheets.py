"""From bytes to sheets: what the file really is, and whether it is safe to open."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from ledger.intake.html_table import html_grids
from ledger.intake.model import FILE_BYTES_MAX, Unreadable, refuse, shown
from ledger.intake.old_workbook import old_workbook_grids
from ledger.intake.text import Grid, csv_grid
from ledger.intake.workbook import workbook_grids
from ledger.words import N_

MEMBERS_MAX = 500
UNPACKED_BYTES_MAX = 256 * 1024 * 1024
RATIO_MAX = 120
"""Unpacked size to packed size of one member; a sheet of 19,500 orders has 15."""
_RATIO_FROM_BYTES = 4 * 1024 * 1024
_PROLOG_BYTES = 64 * 1024

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)
_OTHER_ENDINGS = {".csv": (".txt", ".tsv"), ".html": (".xls", ".htm")}
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", N_("图片")),
    (b"\xff\xd8\xff", N_("图片")),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)
_DANGEROUS = (
    ("vbaproject", N_("文件带有宏，请另存为不带宏的 .xlsx，或上传平台导出的原文件")),
    ("macrosheets/", N_("文件带有宏，请另存为不带宏的 .xlsx，或上传平台导出的原文件")),
    ("externallinks/", N_("文件链接到别的文件，数字可能随之变化，请去掉外部链接后再上传")),
    ("connections.xml", N_("文件链接到别的文件，数字可能随之变化，请去掉外部链接后再上传")),
    ("embeddings/", N_("文件里嵌有别的文件，请去掉后再上传")),
)


def grids(data: bytes, filename: str) -> list[Grid]:
    """Return the file's sheets; a CSV has one. Raise Unreadable for what is no CSV, .xlsx, .xls or HTML table.

    The bytes decide, not the name (domain rule 2); a name that says something else is refused as well.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise refuse(N_("文件是空的，请重新导出"))
    if len(data) > FILE_BYTES_MAX:
        raise refuse(
            N_("文件有 {size} MB，最大 {most} MB；请按更短的时间段分次导出"),
            size=len(data) // 2**20 + 1,
            most=FILE_BYTES_MAX // 2**20,
        )
    ending = PurePosixPath(shown(filename)).suffix.lower()
    if data.startswith(b"PK"):
        check_archive(data)
        _check_ending(ending, ".xlsx")
        return workbook_grids(data)
    if data.startswith(_OLE):
        return _old_grids(data, ending)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _html_grids(data, ending)
    _refuse_foreign(data)
    _check_ending(ending, ".csv")
    return [csv_grid(data)]


def _old_grids(data: bytes, ending: str) -> list[Grid]:
    if _ENCRYPTED_PACKAGE in data:
        raise refuse(N_("文件有打开密码，请去掉密码后再上传"))
    found = old_workbook_grids(data)
    _check_ending(ending, ".xls")
    return found


def _html_grids(data: bytes, ending: str) -> list[Grid]:
    """Return the tables of a page; banks call it .xls (domain rule 2)."""
    found = html_grids(data) if _TABLE.search(data) else []
    if not found:
        raise refuse(N_("这是网页（HTML、XML）文件，不是表格，请在平台选择导出 .csv 或 .xlsx"))
    _check_ending(ending, ".html")
    return found


def _check_ending(ending: str, expected: str) -> None:
    if ending not in {expected, *_OTHER_ENDINGS.get(expected, ()), ""}:
        raise refuse(
            N_("文件名以 {ending} 结尾，内容却是 {expected} 文件：请不要改扩展名，上传导出的原文件"),
            ending=ending[:10],
            expected=expected,
        )


def _refuse_foreign(data: bytes) -> None:
    """Refuse what is no text at all, each with the way out of it."""
    for mark, kind in _FOREIGN:
        if data.startswith(mark):
            raise refuse(N_("这是 {kind} 文件，不是表格，请上传 .csv 或 .xlsx"), kind=kind)


def check_archive(data: bytes) -> None:
    """Raise Unreadable unless `data` is an .xlsx that unpacks to a bounded size, without macros or links.

    Only the directory of the archive is read; `zipfile` never unpacks more than the size it states.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members)
            _check_prologs(archive, members)
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise refuse(N_("压缩格式损坏，文件可能没有下载完整，请重新导出")) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    lowered = [name.lower() for name in names]
    if any(member.flag_bits & 1 for member in members):
        raise refuse(N_("压缩包有密码：请先解压，再上传里面的 .csv 或 .xlsx"))
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in lowered:
        raise refuse(N_("这是压缩包或别的文件，不是 .xlsx：请先解压，再上传里面的 .csv 或 .xlsx"))
    for part, message in _DANGEROUS:
        if any(part in name for name in lowered):
            raise refuse(message)
    if len(set(lowered)) != len(lowered) or any(_escapes(name) for name in names) or len(names) > MEMBERS_MAX:
        raise refuse(N_("文件的内部结构不正常，不能打开，请重新导出"))
    swollen = any(
        member.file_size > _RATIO_FROM_BYTES and member.file_size > member.compress_size * RATIO_MAX
        for member in members
    )
    if swollen or sum(member.file_size for member in members) > UNPACKED_BYTES_MAX:
        raise refuse(N_("文件展开后过大，不能打开；请按更短的时间段分次导出"))


def _escapes(name: str) -> bool:
    """Tell whether a member's name leads out of the archive."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _check_prologs(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Refuse document types and entities: no spreadsheet program writes them."""
    for member in members:
        with archive.open(member) as part:
            prolog = part.read(_PROLOG_BYTES)
        if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
            raise refuse(N_("文件的内部结构不正常，不能打开，请重新导出"))
