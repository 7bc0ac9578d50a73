"""Evidence: what may be filed, how it is told by its content, how it is served, and what is added later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from ledger.book import evidence, file_types, section_signing
from ledger.book.duties import NotYourDuty
from ledger.book.month import view
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.web import previews
from tests import web_demo
from tests.books import Office, at
from tests.web_demo import Built
from tests.web_demo import Office as WebOffice

MARCH = Month(2026, 3)


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def office_file(main: str, types: bytes = b"<Types/>", *more: tuple[str, bytes]) -> bytes:
    return zipped(("[Content_Types].xml", types), (main, b"<x/>"), *more)


def picture(form: str = "PNG", size: tuple[int, int] = (800, 600), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **more)
    return out.getvalue()


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00" + brand + b"isom" + bytes(32)


GOOD = {
    "截图.png": (picture("PNG"), "image/png"),
    "照片.JPG": (picture("JPEG"), "image/jpeg"),
    "照片.webp": (picture("WEBP"), "image/webp"),
    "动图.gif": (picture("GIF"), "image/gif"),
    "扫描.bmp": (picture("BMP"), "image/bmp"),
    "手机.heic": (box(b"heic"), "image/heic"),
    "回单.pdf": (b"%PDF-1.7\n%", "application/pdf"),
    "电子发票.ofd": (zipped(("OFD.xml", b"<ofd/>"), ("Doc_0/Document.xml", b"<d/>")), file_types.OFD),
    "名单.xlsx": (office_file("xl/workbook.xml"), file_types.XLSX),
    "请示.docx": (office_file("word/document.xml"), file_types.DOCX),
    "汇报.pptx": (office_file("ppt/presentation.xml"), file_types.PPTX),
    "说明.txt": ("示例县说明\n".encode(), "text/plain"),
    "旧说明.txt": ("示例县说明\n".encode("gb18030"), "text/plain"),
    "明细.csv": ("日期,金额\n".encode(), "text/csv"),
    "录音.mp3": (b"ID3\x04" + bytes(64), "audio/mpeg"),
    "裸录音.mp3": (b"\xff\xfb\x90\x00" + bytes(64), "audio/mpeg"),
    "录音.m4a": (box(b"M4A "), "audio/mp4"),
    "录像.mp4": (box(b"isom"), "video/mp4"),
}

BAD = {
    "zip": ("资料.zip", zipped(("a.txt", b"a")), "压缩包"),
    "zip-as-docx": ("资料.docx", zipped(("a.txt", b"a")), "压缩包"),
    "macro": ("表.xlsx", office_file("xl/workbook.xml", b"<Types/>", ("xl/vbaProject.bin", b"x")), "宏"),
    "macro-type": ("表.xlsx", office_file("xl/workbook.xml", b"...sheet.macroEnabled.main+xml..."), "宏"),
    "old-office": ("表.xls", file_types.OLE + bytes(64), "旧版 Office"),
    "svg": ("图.svg", b"<svg onload='x'/>", "网页"),
    "html-as-txt": ("说明.txt", b"  <html><script>1</script>", "网页"),
    "program": ("截图.png", b"MZ\x90\x00" + bytes(64), "不是可以存档的文件"),
    "nul": ("说明.txt", b"a\x00b", "不是可以存档的文件"),
    "not-text": ("说明.txt", b"\xff\xff\xfe abc", "不是可以存档的文件"),
    "empty": ("空.png", b"", "空文件"),
    "disguised": ("发票.pdf", picture("PNG"), "扩展名与内容不符"),
    "truncated": ("名单.xlsx", office_file("xl/workbook.xml")[:60], "打不开"),
    "large": ("大.png", picture("PNG") + bytes(evidence.BYTES_MAX), "超过 10 MB"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_usual_file_is_told_by_its_content(name: str) -> None:
    data, media = GOOD[name]
    assert evidence.check(data, name) == (name, media)


@pytest.mark.parametrize(("name", "data", "sentence"), BAD.values(), ids=BAD)
def test_what_may_not_be_filed_is_refused_with_a_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        evidence.check(data, name)


def test_an_archive_that_unpacks_to_more_than_any_document_is_refused() -> None:
    bomb = office_file(
        "word/document.xml", b"<Types/>", ("word/media/a.bin", bytes(file_types.UNPACKED_MAX + 1))
    )
    assert len(bomb) < evidence.BYTES_MAX
    with pytest.raises(Invalid, match="打不开"):
        evidence.check(bomb, "炸弹.docx")


def test_a_recording_may_be_larger_than_a_document() -> None:
    assert evidence.check(box(b"isom") + bytes(evidence.BYTES_MAX), "录像.mp4")[1] == "video/mp4"


# ---- thumbnails ----------------------------------------------------------------------------------------------


def test_a_thumbnail_is_small_and_carries_no_place_and_no_camera() -> None:
    exif = Image.Exif()
    exif[0x0110] = "CAMERA-CANARY"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0112] = 6
    data = picture("JPEG", (1600, 800), exif=exif.tobytes(), comment=b"COMMENT-CANARY")
    assert b"CAMERA-CANARY" in data
    small = previews.thumbnail(data)
    assert small is not None
    assert b"CANARY" not in small
    with Image.open(io.BytesIO(small)) as shown:
        assert max(shown.size) <= previews.SIDE
        assert shown.size == (240, 480)  # turned upright, as the camera meant it
        assert not dict(shown.getexif())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_picture_that_a_browser_shows_has_a_thumbnail(form: str) -> None:
    assert previews.thumbnail(picture(form)) is not None


def test_a_picture_with_too_many_pixels_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert previews.thumbnail(picture("PNG", (12_000, 12_000))) is None
    monkeypatch.setattr(previews, "PIXELS_MAX", 100)
    assert previews.thumbnail(picture()) is None


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(64), picture()[:200], b"%!PS-Adobe", b"P6 1 1 255"]
)
def test_what_cannot_be_decoded_has_none(data: bytes) -> None:
    assert previews.thumbnail(data) is None


# ---- added later ---------------------------------------------------------------------------------------------


def add(
    office: Office, record: int, login: str = "recorder", note: str = "补发票", content: bytes = b"later"
) -> int:
    return office.write(
        lambda s: evidence.add(
            s, office.who(login), record, files=[office.document(s, content)], note=note, at=office.tick()
        )
    ).index


def test_files_are_added_to_a_voucher_a_broadcast_and_a_declaration_and_are_counted(
    sqlite_office: Office,
) -> None:
    office = sqlite_office
    office.broadcast("2026-0001")
    office.now = at(4)
    tip = office.tip("2026-0001")
    before = office.read(lambda s: len(section_signing.attachments(s, view(s, office.book, MARCH))))
    show = office.read(lambda s: evidence.broadcast_records(s, office.book, ["2026-0001"]))
    add(office, tip.index)
    add(office, next(iter(show)), content=b"other")
    found = office.read(lambda s: evidence.added(s, office.book, [tip.index, *show]))
    assert {record: [one.note for one in some] for record, some in found.items()} == {
        tip.index: ["补发票"],
        next(iter(show)): ["补发票"],
    }
    assert not any(one.after_signing for some in found.values() for one in some)
    after = office.read(lambda s: section_signing.attachments(s, view(s, office.book, MARCH)))
    assert len(after) == before + 2
    assert {line.voucher for line in after[-2:]} == {"2026-0001", str(tip.body["number"])}


def test_what_comes_after_a_signature_is_marked(sqlite_office: Office) -> None:
    office = sqlite_office
    office.broadcast("2026-0001")
    office.now = at(4)
    tip = office.tip("2026-0001")
    add(office, tip.index, content=b"before")
    office.sign("charity", tip.index)
    add(office, tip.index, content=b"after")
    show = next(iter(office.read(lambda s: evidence.broadcast_records(s, office.book, ["2026-0001"]))))
    add(office, show, content=b"about the broadcast of a signed voucher")
    found = office.read(lambda s: evidence.added(s, office.book, [tip.index, show]))
    assert [one.after_signing for one in found[tip.index]] == [False, True]
    assert [one.after_signing for one in found[show]] == [True]


def test_the_same_file_is_not_added_twice_and_nothing_is_added_to_other_records(
    sqlite_office: Office,
) -> None:
    office = sqlite_office
    entry = office.entry("INTEREST", amount=1)
    add(office, entry.index)
    with pytest.raises(Conflict, match="已经在这里"):
        add(office, entry.index)
    for record in (0, 10_000):
        with pytest.raises(NotFound):
            add(office, record)
    with pytest.raises(NotYourDuty):
        add(office, entry.index, "viewer")
    with pytest.raises(Invalid):
        office.write(
            lambda s: evidence.add(
                s, office.who("recorder"), entry.index, files=[], note="", at=office.tick()
            )
        )


def test_the_host_adds_nothing_to_the_own_broadcast(sqlite_office: Office) -> None:
    office = sqlite_office
    office.broadcast("2026-0001", host_person="p-cashier")
    office.now = at(4)
    tip = office.tip("2026-0001")
    with pytest.raises(NotYourDuty, match="主播"):
        add(office, tip.index, "cashier")


# ---- on the page ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def web(built: Built, tmp_path: Path) -> Iterator[WebOffice]:
    made = web_demo.copy(built, tmp_path)
    yield made
    made.store.engine.dispose()


def first_voucher(web: WebOffice) -> int:
    with web.store.reading() as session:
        return view(session, "demo", MARCH).entries[0].idx


def send(
    web: WebOffice, record: int, *files: tuple[str, bytes], login: str = "recorder", note: str = "补发票"
) -> TestResponse:
    data = {
        "files": [(io.BytesIO(content), name) for name, content in files],
        "note": note,
        "back": f"/demo/entries/{record}/",
    }
    return web.desk(login).post(f"/demo/evidence/{record}/", data, content_type="multipart/form-data")


def added_digest(web: WebOffice, record: int) -> str:
    with web.store.reading() as session:
        return evidence.added(session, "demo", [record])[record][-1].files[0].digest


def test_a_later_file_shows_on_the_vouchers_page_as_added_after_signing(web: WebOffice) -> None:
    record = first_voucher(web)
    assert "补充附件" in web.desk("recorder").get(f"/demo/entries/{record}/").text
    assert "补充附件" not in web.desk("discipline").get(f"/demo/entries/{record}/").text
    answer = send(web, record, ("电子发票.ofd", GOOD["电子发票.ofd"][0]))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/demo/entries/{record}/"
    page = web.desk("discipline").get(f"/demo/entries/{record}/").text
    assert "签认后补充" in page
    assert "补发票" in page
    assert "电子发票.ofd" in page
    assert "2026-04-02" in page


def test_a_refused_file_is_said_on_the_page_and_nothing_is_stored(web: WebOffice) -> None:
    record = first_voucher(web)
    answer = send(web, record, ("图.svg", b"<svg/>"), note="这一句还在")
    assert answer.status_code == 400
    assert "网页（HTML、SVG 等）" in answer.text
    assert "这一句还在" in answer.text
    with web.store.reading() as session:
        assert evidence.added(session, "demo", [record]) == {}
    assert web.desk("recorder").get("/demo/evidence/0/").status_code == 404
    assert send(web, record, ("a.txt", b"a"), login="discipline").status_code == 403


@pytest.mark.parametrize(
    ("name", "media", "how"),
    [
        ("照片.webp", "image/webp", "inline"),
        ("说明.txt", "text/plain; charset=utf-8", "inline"),
        ("旧说明.txt", "text/plain; charset=gb18030", "inline"),
        ("明细.csv", "text/plain; charset=utf-8", "inline"),
        ("回单.pdf", "application/pdf", "inline"),
        ("电子发票.ofd", "application/octet-stream", "attachment"),
        ("名单.xlsx", "application/octet-stream", "attachment"),
        ("手机.heic", "application/octet-stream", "attachment"),
        ("录像.mp4", "application/octet-stream", "attachment"),
    ],
)
def test_a_file_is_served_so_that_it_can_do_nothing(web: WebOffice, name: str, media: str, how: str) -> None:
    record = first_voucher(web)
    assert send(web, record, (name, GOOD[name][0])).status_code == 302
    digest = added_digest(web, record)
    answer = web.desk("discipline").get(f"/demo/files/{digest}")
    assert answer.data == GOOD[name][0]
    assert answer.headers["Content-Type"] == media
    assert answer.headers["Content-Disposition"].startswith(f"{how};")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    forced = web.desk("discipline").get(f"/demo/files/{digest}?download")
    assert forced.headers["Content-Disposition"].startswith("attachment;")


def test_a_preview_is_a_new_picture_and_only_of_pictures(web: WebOffice) -> None:
    record = first_voucher(web)
    data = picture("JPEG", comment=b"COMMENT-CANARY")
    send(web, record, ("照片.jpg", data))
    digest = added_digest(web, record)
    answer = web.desk("discipline").get(f"/demo/files/{digest}/preview")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"CANARY" not in answer.data
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert f"/demo/files/{digest}/preview" in web.desk("discipline").get(f"/demo/entries/{record}/").text
    send(web, record, ("说明.txt", b"words"))
    assert web.desk("discipline").get(f"/demo/files/{added_digest(web, record)}/preview").status_code == 404
    assert web.desk("discipline").get(f"/demo/files/{'0' * 64}/preview").status_code == 404
    assert web.app.test_client().get(f"/demo/files/{digest}/preview").status_code == 302
