"""A year's electronic archive: every hash right, nothing missing, nothing private, and checked by programs that are not ours."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger import cli
from ledger.book import archive, balances, erasure, ledgers, retention
from ledger.errors import Broken, NotFound
from ledger.months import CHINA, Month
from ledger.store import log
from ledger.store import tables as t
from ledger.store.engine import Store
from reports import books_archive
from tests import closed_demo
from tests.test_plaintext import by_beancount, by_hledger
from tests.test_reports_pdf import text

MARCH = Month(2026, 3)
AT = datetime(2027, 1, 20, 9, 0, tzinfo=CHINA)


def built(store: Store, book: str = "demo", year: int = 2026, **more) -> bytes:
    """Return the year's package."""
    out = io.BytesIO()
    with store.reading() as session:
        archive.write(session, book, year, out, press=books_archive, at=AT, **more)
    return out.getvalue()


@pytest.fixture(scope="module")
def package(demo_file, tmp_path_factory) -> tuple[Store, bytes, Path]:
    """The demonstration with March closed, its package, and the package unpacked."""
    import shutil

    from ledger.store.engine import open_store

    folder = tmp_path_factory.mktemp("archive")
    shutil.copyfile(demo_file[0], folder / "demo.db")
    store = open_store(f"sqlite:///{folder / 'demo.db'}")
    closed_demo.close(store)
    data = built(store)
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder / "unpacked")
    return store, data, folder / "unpacked"


def check(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the package's own checking program with a bare Python."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *more],
        capture_output=True,
        text=True,
        check=False,
    )


def copied(folder: Path, target: Path) -> Path:
    import shutil

    shutil.copytree(folder, target)
    return target


def test_every_file_has_its_hash_and_size_and_none_is_unnamed(package):
    _, data, folder = package
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))
    for item in listed:
        content = (folder / item["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (item["bytes"], item["sha256"])
        assert item["retention"] in retention.BY_CODE
    names = {entry.filename for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert names == {item["path"] for item in listed} | {"manifest.json", "sha256sums.txt"}
    told = subprocess.run(
        ["sha256sum", "-c", "--strict", "sha256sums.txt"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert len(told.splitlines()) == len(listed) + 1


def test_it_holds_records_vouchers_books_reports_files_and_journals(package):
    _, _, folder = package
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for path in (
        "README.txt", "metadata.json", "manifest.json", "sha256sums.txt", "verify.py", "records/records.jsonl",
        "vouchers/2026-03.pdf", "reports/2026-03.pdf", "reports/2026-03.xlsx", "ledgers/2026-day-book.pdf",
        "ledgers/2026-general.pdf", "ledgers/2026-subsidiary.pdf", "ledgers/2026-balances.pdf",
        "ledgers/2026-ledgers.xlsx", "journal/2026.hledger", "journal/2026.beancount", "attachments/names.jsonl",
        "sources/list.jsonl",
    ):  # fmt: skip
        assert path in found, path
    assert "凭证字号：记-0026" in text((folder / "vouchers/2026-03.pdf").read_bytes()).replace(" ", "")


def test_the_records_are_the_log_byte_for_byte_and_end_with_the_last_word_on_the_year(package):
    store, _, folder = package
    lines = (folder / "records/records.jsonl").read_bytes().splitlines()
    with store.reading() as session:
        records = list(log.records(session, "demo"))
        head = log.head(session, "demo")
    assert lines == [record.data for record in records]
    told = json.loads((folder / "metadata.json").read_text("utf-8"))
    assert told["log"] == {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "hash": "sha-256",
    }
    assert told["open_months"] == []
    assert told["months"][0]["state"] == "closed"


def test_every_attachment_and_every_received_file_is_there_under_its_digest(package):
    store, _, folder = package
    with store.reading() as session:
        stored = set(session.scalars(select(t.BlobChunk.digest).where(t.BlobChunk.book_id == "demo")))
        filed = session.scalars(select(t.Attachment).where(t.Attachment.book_id == "demo")).all()
    there = {
        path.stem: path
        for name in ("attachments", "sources")
        for path in (folder / name).iterdir()
        if path.suffix != ".jsonl"
    }
    assert set(there) == stored
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == digest for digest, path in there.items())
    names = [
        json.loads(line) for line in (folder / "attachments/names.jsonl").read_text("utf-8").splitlines()
    ]
    assert [(one["record"], one["name"]) for one in names] == [(one.idx, one.name) for one in filed]
    assert {one["voucher"] for one in names if "voucher" in one} >= {"2026-03 记-0010"}


def test_other_programs_add_the_packed_journal_up_to_the_balances_after_the_close(package):
    store, _, folder = package
    with store.reading() as session:
        moved = balances.movements(session, "demo", Month(2026, 4))
    wanted = {code: item.opening_fen for code, item in moved.items() if item.opening_fen}
    assert by_hledger(folder / "journal/2026.hledger") == wanted
    assert by_beancount(folder / "journal/2026.beancount") == wanted


def test_the_packed_program_accepts_the_package_and_a_root_that_somebody_kept(package):
    store, _, folder = package
    done = check(folder)
    assert (done.returncode, "通过" in done.stdout) == (0, True)
    with store.reading() as session:
        for size in (1, 2, 3, 50, 64, 100):
            kept = log.head(session, "demo", size).root.hex()
            assert check(folder, str(size), kept).returncode == 0, size
    assert check(folder, "50", "0" * 64).returncode == 1


def change_a_record(folder: Path) -> None:
    path = folder / "records/records.jsonl"
    path.write_bytes(path.read_bytes().replace("暖冬包".encode(), "暖冬色".encode(), 1))


def rewrite_with_its_manifest(folder: Path) -> None:
    """A record changed with every hash recomputed: only the log's root tells."""
    change_a_record(folder)
    data = (folder / "records/records.jsonl").read_bytes()
    path = folder / "manifest.json"
    listed = json.loads(path.read_text("utf-8"))
    for item in listed:
        if item["path"] == "records/records.jsonl":
            item["sha256"], item["bytes"] = hashlib.sha256(data).hexdigest(), len(data)
    path.write_text(json.dumps(listed), "utf-8")


def cut_off_the_end(folder: Path) -> None:
    path = folder / "records/records.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


DAMAGE = {
    "a document is changed": lambda folder: (folder / "vouchers/2026-03.pdf").write_bytes(b"%PDF-"),
    "an attachment is gone": lambda folder: next((folder / "attachments").glob("*.png")).unlink(),
    "a file is smuggled in": lambda folder: (folder / "vouchers/2026-02.pdf").write_bytes(b"%PDF-"),
    "a record is changed": change_a_record,
    "a record and the manifest are changed": rewrite_with_its_manifest,
    "the last record is cut off": cut_off_the_end,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_the_packed_program_finds_damage(package, tmp_path, damage):
    folder = copied(package[2], tmp_path / "copy")
    damage(folder)
    done = check(folder)
    assert (done.returncode, "不通过" in done.stdout) == (1, True), done.stdout + done.stderr


def test_the_readme_says_how_to_check_what_is_private_and_how_long_it_is_kept(package):
    told = (package[2] / "README.txt").read_text("utf-8")
    for words in (
        "sha256sum -c sha256sums.txt", "python3 verify.py", "sunbook verify --book demo", "本包不含其原文和盐值",
        "会计凭证（原始凭证、记账凭证）：30 年（至 2056-12-31）", "年度财务会计报告：永久", "从 2027-01-01 起算",
        "尚未月结的月份：无", "没有删除功能",
    ):  # fmt: skip
        assert words in told, words


def test_an_open_month_is_named_as_not_final(demo_sqlite):
    data = built(demo_sqlite.store)
    told = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("metadata.json"))
    assert told["open_months"] == ["2026-03"]
    readme = zipfile.ZipFile(io.BytesIO(data)).read("README.txt").decode()
    assert "尚未月结的月份：2026-03" in readme


def words_of(data: bytes) -> str:
    """Return everything that the records, documents, journals and lists of a package say, as one text."""
    told = []
    archived = zipfile.ZipFile(io.BytesIO(data))
    for name in archived.namelist():
        content = archived.read(name)
        if name.endswith(".pdf") and not name.startswith("attachments"):
            told.append(text(content, layout=False))
        elif name.endswith(".xlsx") and not name.startswith("attachments"):
            inner = zipfile.ZipFile(io.BytesIO(content))
            told += [inner.read(part).decode("utf-8", "replace") for part in inner.namelist()]
        elif not name.startswith(("attachments/", "sources/")) or name.endswith(".jsonl"):
            told.append(content.decode("utf-8"))
    return "\n".join(told)


NAME = "欧阳某某批发部"


def test_nothing_of_an_erased_private_value_is_in_the_package(office):
    """A payee is printed in the report while he is on file; once erased, he is nowhere."""
    office.now = datetime(2026, 3, 25, 9, 0, tzinfo=CHINA)
    shot = office.write(lambda s: office.document(s, b"spending"))
    office.entry("GRANT_PAY", "cashier", day=20, charity="redcross", attachments=(shot,), amount=5000)
    facts = {"activity": "暖冬包", "place": "示例镇", "beneficiaries": 8, "payee": NAME}
    spend = {"charity": "redcross", "facts": facts, "attachments": (shot,)}
    posted = office.entry("SPEND", "redcross-clerk", "accountant", day=21, amount=4000, **spend)
    before = words_of(built(office.store, office.book))
    assert NAME in before
    commitment = posted.body["facts"]["payee"]["private"]
    assert commitment in before
    with office.store.reading() as session:
        salts = [bytes(one).hex() for one in session.scalars(select(t.PrivateValue.salt))]
    assert salts
    assert not [salt for salt in salts if salt in before]
    office.write(
        lambda s: erasure.erase(s, office.who("secadmin"), commitment, reason="本人要求", at=office.tick())
    )
    after = words_of(built(office.store, office.book))
    assert NAME not in after
    assert commitment in after


def test_without_sources_their_list_stays_and_their_content_is_gone(demo_sqlite):
    archived = zipfile.ZipFile(io.BytesIO(built(demo_sqlite.store, sources=False)))
    assert [name for name in archived.namelist() if name.startswith("sources/")] == ["sources/list.jsonl"]
    listed = [json.loads(line) for line in archived.read("sources/list.jsonl").decode().splitlines()]
    assert {"打赏登记表.csv", "达人订单明细_百应.csv", "工行对公明细.csv"} <= {one["name"] for one in listed}
    assert json.loads(archived.read("metadata.json"))["sources"] == "listed only"
    assert "本包只有清单" in archived.read("README.txt").decode()


def test_what_is_said_of_the_year_in_the_next_one_is_in_its_package_and_later_business_is_not(office):
    office.tip(office.broadcast("2026-0001"))
    office.now = datetime(2027, 1, 10, 9, 0, tzinfo=CHINA)
    late = office.entry("BANK_FEE", "cashier", date=datetime(2026, 12, 31, tzinfo=CHINA).date(), amount=700)
    office.now += timedelta(days=30)
    beyond = office.entry("BANK_FEE", "cashier", date=office.now.date(), amount=900)
    archived = zipfile.ZipFile(io.BytesIO(built(office.store, office.book)))
    records = [json.loads(line)["index"] for line in archived.read("records/records.jsonl").splitlines()]
    assert records == list(range(late.index + 1))
    assert "vouchers/2026-12.pdf" in archived.namelist()
    assert "vouchers/2027-01.pdf" not in archived.namelist()
    following = zipfile.ZipFile(io.BytesIO(built(office.store, office.book, 2027)))
    assert following.read("records/records.jsonl").splitlines()[beyond.index]
    assert b'"number":"\xe8\xae\xb0-0001"' in following.read("records/records.jsonl")
    opening = following.read("journal/2027.hledger").decode()
    assert "2027-02-01 (期初)" in opening or "2027-01-01 (期初)" in opening


def test_a_stored_file_that_is_not_what_its_digest_says_stops_the_archive(demo_sqlite):
    with demo_sqlite.store.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER blob_chunk_no_update")
        connection.exec_driver_sql(
            "UPDATE blob_chunk SET data = x'00' WHERE digest = (SELECT MIN(digest) FROM attachment)"
        )
        connection.commit()
    with pytest.raises(Broken):
        built(demo_sqlite.store)


def test_a_year_without_the_book_is_refused(demo_sqlite):
    for year in (2025, 2027):
        with pytest.raises(NotFound):
            built(demo_sqlite.store, year=year)


def test_the_same_moment_gives_the_same_bytes(demo_sqlite):
    assert built(demo_sqlite.store) == built(demo_sqlite.store)


def test_a_large_file_goes_through_in_pieces(office):
    """Files are copied chunk by chunk into something that cannot seek."""
    data = b"\x89PNG\r\n\x1a\n" + bytes(3 << 20)
    office.now = datetime(2026, 3, 25, 9, 0, tzinfo=CHINA)
    shot = office.write(lambda s: office.document(s, data))
    office.entry("GRANT_PAY", "cashier", day=20, charity="redcross", attachments=(shot,), amount=5000)

    class Pipe(io.RawIOBase):
        largest = 0
        kept = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece) -> int:
            self.largest = max(self.largest, len(piece))
            self.kept += piece
            return len(piece)

    pipe = Pipe()
    with office.store.reading() as session:
        archive.write(session, office.book, 2026, pipe, press=books_archive, at=AT)
    assert pipe.largest <= 1 << 20
    assert zipfile.ZipFile(io.BytesIO(bytes(pipe.kept))).testzip() is None


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("voucher", "2056-12-31"),
        ("book", "2056-12-31"),
        ("monthly-report", "2036-12-31"),
        ("annual-report", None),
        ("bank", "2036-12-31"),
        ("handed-over", "2056-12-31"),
        ("kept", None),
    ],
)
def test_the_time_runs_from_the_first_of_january_after_the_year(code, day):
    until = retention.until(code, 2026)
    assert (until.isoformat() if until else None) == day
    assert retention.begins(2026).isoformat() == "2027-01-01"


def test_the_command_writes_a_package_or_nothing(demo_sqlite, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SUNBOOK_DATABASE_URL", str(demo_sqlite.store.engine.url))
    monkeypatch.setenv("SUNBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    out = tmp_path / "2026.zip"
    assert cli.main(["archive", "2026", "--book", "demo", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "尚未月结，不是定稿：2026-03" in told
    assert zipfile.ZipFile(out).testzip() is None
    for year, book, said in (
        ("26", "demo", "2026 的样子"),
        ("2025", "demo", "没有账目"),
        ("2026", "nobody", "nobody"),
    ):
        other = tmp_path / "other.zip"
        assert cli.main(["archive", year, "--book", book, "--out", str(other)]) == 1
        assert said in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["2026.zip"]


def test_the_journal_of_a_later_year_begins_with_its_balances(office):
    office.now = datetime(2027, 1, 10, 9, 0, tzinfo=CHINA)
    office.entry("BANK_FEE", "cashier", date=datetime(2026, 3, 31, tzinfo=CHINA).date(), amount=700)
    office.entry("BANK_FEE", "cashier", date=office.now.date(), amount=900)
    with office.store.reading() as session:
        rows = ledgers.brought_rows(session, office.book, Month(2027, 1))
    assert {account.code: fen for account, fen in rows} == {
        "1002.01": 1_999_300,
        "3102.01": -2_000_000,
        "5401.04": 700,
    }
