"""What a file is, told from its bytes and never from its name: the kinds that may be filed as evidence.

An office container (docx, xlsx, pptx, ofd) is a zip; only its list of members is
read, within limits, and nothing is unpacked but the list of content types.
"""

from __future__ import annotations

import io
import zipfile

from ledger.errors import Invalid
from ledger.words import N_

PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/heic")
PREVIEWED = PICTURES[:5]
"""Pictures of which a thumbnail can be made; HEIC needs a decoder that is not here."""
TEXTS = ("text/plain", "text/csv")
OFD, DOCX, XLSX, PPTX = (
    "application/ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)

ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/bmp": (".bmp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    OFD: (".ofd",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "video/mp4": (".mp4", ".m4v"),
}
"""Every media type that may be filed, with the endings that go with it."""

RECORDINGS = ("audio/mpeg", "audio/mp4", "video/mp4")
"""Long by nature: only the largest request (`SUNBOOK_UPLOAD_BYTES_MAX`) limits them."""

SIMPLE: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
)
BRANDS: dict[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "video/mp4"
    ),
}
"""Brands of the ISO base media format (ISO/IEC 14496-12), as its first box names them."""

MEMBERS_MAX = 3000
UNPACKED_MAX = 300 * 2**20
TYPES_MAX = 2**20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MP3_SYNC = 0xE0
BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
CONTROL_ALLOWED = frozenset(b"\t\n\r\x0c")


class Refused(Exception):
    """The content may not be filed; `message` has the place `{name}`."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


NOT_KNOWN = N_(
    "附件“{name}”不是可以存档的文件。可以上传：图片（PNG、JPG、WebP、GIF、BMP、HEIC）、PDF、OFD、"
    "Word/Excel/PPT（docx、xlsx、pptx）、文本（txt、csv）、录音录像（mp3、m4a、mp4）。"
)
ZIP = N_("附件“{name}”是压缩包，看不到里面的内容：请解压后逐个上传。")
MACROS = N_("附件“{name}”含有宏，可能带病毒：请另存为不含宏的 docx、xlsx、pptx，或导出 PDF 后上传。")
OLD_OFFICE = N_(
    "附件“{name}”是旧版 Office 文件或加密文件：请另存为不加密的 docx、xlsx、pptx，或导出 PDF 后上传。"
)
MARKUP = N_("附件“{name}”是网页（HTML、SVG 等），不能存档：请截图或打印成 PDF 后上传。")
DAMAGED = N_("附件“{name}”打不开（压缩结构损坏或过大）：请重新导出后上传。")


def media_of(data: bytes) -> str:
    """Return the media type of a file's content; raise Refused with the sentence for what may not be filed."""
    for magic, media in SIMPLE:
        if data.startswith(magic):
            return media
    if data.startswith(OLE):
        raise Refused(OLD_OFFICE)
    if data.startswith(b"PK"):
        return _container(data)
    return _riff(data) or _boxes(data) or _bitmap(data) or _mp3(data) or _text(data)


def _riff(data: bytes) -> str:
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _boxes(data: bytes) -> str:
    return BRANDS.get(data[8:12], "") if data[4:8] == b"ftyp" else ""


def _bitmap(data: bytes) -> str:
    known = data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in BMP_HEADERS
    return "image/bmp" if known else ""


def _mp3(data: bytes) -> str:
    """Return audio/mpeg for a bare frame: eleven bits of sync, layer III, a bit rate that exists."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & MP3_SYNC != MP3_SYNC:  # noqa: PLR2004 - the frame header
        return ""
    layer, rate = data[1] >> 1 & 3, data[2] >> 4
    return "audio/mpeg" if layer == 1 and 0 < rate < 15 else ""  # noqa: PLR2004


def _container(data: bytes) -> str:
    """Return what a zip is: an e-invoice or an office document; raise Refused for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            names = {member.filename for member in members}
            if "OFD.xml" in names:
                return OFD
            if "[Content_Types].xml" not in names:
                raise Refused(ZIP)
            types = _member(archive, "[Content_Types].xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise Refused(DAMAGED) from None
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refused(MACROS)
    if b"macroenabled" in types.lower():
        raise Refused(MACROS)
    for folder, media in (
        ("word/document.xml", DOCX),
        ("xl/workbook.xml", XLSX),
        ("ppt/presentation.xml", PPTX),
    ):
        if folder in names:
            return media
    raise Refused(ZIP)


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to more than any document holds, or is encrypted."""
    if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_MAX:
        raise Refused(DAMAGED)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(OLD_OFFICE)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(TYPES_MAX)


def _text(data: bytes) -> str:
    """Return text/plain for text that can be read; raise Refused for markup and anything else."""
    charset = charset_of(data)
    if not charset:
        raise Refused(NOT_KNOWN)
    if data.decode(charset).lstrip("\ufeff \t\r\n").startswith("<"):
        raise Refused(MARKUP)
    return "text/plain"


def charset_of(data: bytes) -> str:
    """Return the charset in which the bytes are readable text, empty if in none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charsets: tuple[str, ...] = ("utf-16",)
    elif any(byte < 32 and byte not in CONTROL_ALLOWED for byte in set(data)):  # noqa: PLR2004 - C0 controls
        return ""
    else:
        charsets = ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030")
    for charset in charsets:
        try:
            data.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return ""


def check_ending(media: str, name: str) -> str:
    """Return the media type under this name (csv is text as well); raise Invalid if the ending says another."""
    lower = name.lower()
    if media == "text/plain" and lower.endswith(".csv"):
        return "text/csv"
    if not lower.endswith(ENDINGS[media]):
        raise Invalid(N_("附件“{name}”的扩展名与内容不符（内容是 {media}）。"), name=name, media=media)
    return media
