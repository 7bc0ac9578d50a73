"""The books on the page: choosing a period, every download, one account on screen, who may have the archive."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.money import yuan
from ledger.web.books import FILES
from tests import closed_demo, web_demo
from tests.test_books_vouchers import NUMBER, close_up
from tests.test_plaintext import by_hledger
from tests.test_reports_pdf import text
from tests.web_demo import Built, Office, shown

BOOKS = "/demo/books/"
LOOKERS = (
    "recorder",
    "checker",
    "accountant",
    "cashier",
    "redcross",
    "redcross-clerk",
    "charity",
    "discipline",
    "viewer",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def office(built: Built, tmp_path: Path) -> Iterator[Office]:
    made = web_demo.copy(built, tmp_path)
    yield made
    made.store.engine.dispose()


@pytest.mark.parametrize("login", LOOKERS)
def test_everybody_who_may_look_sees_the_books_of_the_newest_month(office: Office, login: str) -> None:
    page = office.desk(login).get(BOOKS)
    words = shown(page)
    assert page.status_code == 200
    for said in (
        "记账凭证",
        "日记账",
        "总账",
        "明细账",
        "科目余额表",
        "尚未月结：2026年3月",
        "30 年",
        "2056-12-31",
    ):
        assert said in words, said


@pytest.mark.parametrize("login", ["sysadmin", "secadmin"])
def test_administrators_have_no_business_here(office: Office, login: str) -> None:
    for path in ("", "2026-03/vouchers.pdf", "account/?code=1002.01", "archive/2026.zip"):
        assert office.desk(login).get(BOOKS + path).status_code == 403


def test_a_closed_month_is_said_to_be_ready_for_binding(office: Office) -> None:
    closed_demo.close(office.store)
    words = shown(office.desk("accountant").get(BOOKS))
    assert "已月结，账目不再变动" in words
    assert "各月已结" in words


def test_every_link_of_the_page_leads_to_a_file_that_opens(office: Office) -> None:
    desk = office.desk("accountant")
    found: dict[str, bytes] = {}
    for period in ("2026-03", "2026"):
        page = desk.get(f"{BOOKS}?period={period}").text
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/demo/books/20[^"]+)"', page)}
        assert links
        for link in links:
            answer = desk.get(link)
            assert answer.status_code == 200, link
            assert answer.headers["Content-Disposition"].startswith("attachment")
            found[link] = answer.data
    names = {link.partition("?")[0].rpartition("/")[2] for link in found}
    assert names == set(FILES)
    for link, data in found.items():
        assert data.startswith(
            {"pdf": b"%PDF-", "lsx": b"PK\x03\x04"}.get(link.partition("?")[0][-3:], b"")
        ), link
    ways = {found[link] for link in found if "counterpart-redcross" in link}
    assert len(ways) == 2, "as donation income, and as agency money"


def test_the_vouchers_are_those_of_the_month(office: Office) -> None:
    answer = office.desk("viewer").get(BOOKS + "2026-03/vouchers.pdf")
    assert len(NUMBER.findall(close_up(text(answer.data, layout=False)))) == 26
    assert "%E8%AE%B0%E8%B4%A6%E5%87%AD%E8%AF%81-2026-03.pdf" in answer.headers["Content-Disposition"]


def test_the_journal_adds_up_in_another_program(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(office.desk("viewer").get(BOOKS + "2026-03/journal.hledger").data)
    assert by_hledger(path)["1002.01"] == 1_200_476


def test_an_english_reader_gets_english_books_unless_asked_otherwise(office: Office) -> None:
    desk = office.desk("viewer")
    chosen = {lang: text(desk.get(f"{BOOKS}2026-03/general.pdf?lang={lang}").data) for lang in ("zh", "en")}
    assert "1002 银行存款" in chosen["zh"]
    assert "1002 Bank deposits" in chosen["en"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2026-03/nothing.pdf", 404), ("2026-02/general.pdf", 404), ("2025/general.pdf", 404),
        ("2026-13/general.pdf", 400), ("x/general.pdf", 400), ("2026-03/counterpart-discipline.xlsx", 404),
        ("2026-03/counterpart-redcross.xlsx?variant=gift", 404), ("account/?code=9999.99", 404), ("account/?code=1002.01&month=2025-01", 404), ("account/?code=1002.01&month=x", 400), ("?period=2025", 404),
        ("?period=<b>", 400), ("archive/2025.zip", 404), ("archive/1999.zip", 404), (f"account/?code={'1' * 500}", 404), ("2026-03/../general.pdf", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_not_there(office: Office, path: str, status: int) -> None:
    assert office.desk("accountant").get(BOOKS + path).status_code == status


def test_a_year_of_vouchers_is_refused_with_what_to_do(office: Office) -> None:
    closed_demo.close(office.store)
    with office.store.transaction("demo") as session:
        from datetime import date, datetime

        from ledger.book import compose, drafts
        from ledger.months import CHINA

        at = datetime(2026, 4, 20, 9, 0, tzinfo=CHINA)
        cashier = closed_demo.actor(session, "cashier")
        new = compose.NewEntry(type="BANK_FEE", date=date(2026, 4, 10), amounts={"amount": 500})
        draft = drafts.prepare(
            session,
            cashier,
            kind="manual",
            payload={"entries": [compose.compose(session, cashier, new, at=at)]},
            at=at,
        )
        checker = closed_demo.actor(session, "checker")
        drafts.post(session, checker, draft.draft, seen=draft.digest, at=at, override="演练")
    desk = office.desk("accountant")
    page = desk.get(BOOKS + "2026/vouchers.pdf")
    assert page.status_code == 404
    assert "按月下载" in shown(page)
    assert desk.get(BOOKS + "2026/subsidiary.pdf").status_code == 200
    index = desk.get(BOOKS + "?period=2026").text
    assert "/demo/books/2026-03/vouchers.pdf" in index
    assert "/demo/books/2026-04/vouchers.pdf" in index
    april = shown(desk.get(BOOKS + "account/?code=1002.01&month=2026-04"))
    assert "期初余额 借 12,004.76" in april
    assert "12,509.76" not in april
    assert "11,999.76" in april
    assert "12,009.76 20,010.00" in april, "the year goes on"
    assert "month=2026-03" in desk.get(BOOKS + "account/?code=1002.01&month=2026-04").text


def test_an_account_is_shown_line_by_line_with_links_to_its_vouchers(office: Office) -> None:
    desk = office.desk("discipline")
    page = desk.get(BOOKS + "account/?code=1002.01&month=2026-03")
    words = shown(page)
    for fen in (2_000_000, 800_000, 693_300, 713_300, 712_800, 713_126, 1_200_476, 1_200_976, 2_000_500):
        assert yuan(fen) in words
    links = re.findall(r'href="(/demo/entries/\d+/)">(记-\d{4})', page.text)
    assert [number for _, number in links] == [f"记-{n:04d}" for n in (10, 11, 13, 14, 16, 19, 22)]
    for link, number in links:
        assert number in shown(desk.get(link))


@pytest.mark.parametrize("login", ["redcross", "redcross-clerk", "charity", "charity-clerk"])
def test_a_charity_sees_its_own_counterpart_vouchers_before_anything_else(office: Office, login: str) -> None:
    page = office.desk(login).get(BOOKS).text
    own, other = ("redcross", "charity") if login.startswith("redcross") else ("charity", "redcross")
    assert (
        page.index(f"counterpart-{own}.xlsx")
        < page.index(f"counterpart-{other}.xlsx")
        < page.index("vouchers.pdf")
    )
    general = office.desk("accountant").get(BOOKS).text
    assert general.index("vouchers.pdf") < general.index("counterpart-redcross.xlsx")


def test_the_counterpart_sheet_of_a_charity_has_its_figures(office: Office) -> None:
    answer = office.desk("charity-clerk").get(BOOKS + "2026-03/counterpart-charity.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert [(row[3], row[5], row[6]) for row in rows] == [
        ("1002", 8000, None), ("4101.02", None, 8000), ("5101", 8000, None), ("1002", None, 8000), (None, 16000, 16000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("login", "status", "sources"),
    [
        ("recorder", 200, "included"), ("checker", 200, "included"), ("accountant", 200, "included"),
        ("cashier", 200, "included"), ("viewer", 200, "listed only"), ("discipline", 200, "listed only"),
        ("auditadmin", 200, "listed only"), ("redcross", 403, ""), ("charity-clerk", 403, ""), ("sysadmin", 403, ""),
    ],
)  # fmt: skip
def test_the_archive_is_for_the_office_and_its_supervisors(
    office: Office, login: str, status: int, sources: str
) -> None:
    answer = office.desk(login).get(BOOKS + "archive/2026.zip")
    assert answer.status_code == status
    if status == 200:
        archived = zipfile.ZipFile(io.BytesIO(answer.data))
        assert archived.testzip() is None
        assert json.loads(archived.read("metadata.json"))["sources"] == sources
        assert "filename" in answer.headers["Content-Disposition"]
    answer.close()


def test_who_may_not_have_the_archive_is_told_why_on_the_page(office: Office) -> None:
    words = shown(office.desk("redcross").get(BOOKS))
    assert "慈善机构请下载自己的建议对应凭证" in words
    assert "/archive/2026.zip" not in office.desk("redcross").get(BOOKS).text
    assert "/archive/2026.zip" in office.desk("accountant").get(BOOKS).text


def test_the_audit_administrator_sees_the_archive_and_no_account(office: Office) -> None:
    desk = office.desk("auditadmin")
    page = desk.get(BOOKS)
    assert "/archive/2026.zip" in page.text
    assert "1002.01" not in page.text
    assert desk.get(BOOKS + "account/?code=1002.01").status_code == 403
    assert desk.get(BOOKS + "2026-03/general.pdf").status_code == 403


def test_a_book_without_an_opening_says_what_comes_first(office: Office) -> None:
    with office.store.engine.connect() as connection:
        names = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .scalars()
            .all()
        )
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DELETE FROM opening")
        connection.commit()
    page = office.desk("accountant").get(BOOKS)
    assert page.status_code == 200
    assert "还没有账目" in shown(page)


def test_nobody_from_outside_sees_a_book(office: Office) -> None:
    client = office.app.test_client()
    for path in ("", "2026-03/vouchers.pdf", "archive/2026.zip", "account/?code=1002.01"):
        assert client.get(BOOKS + path).status_code == 302
