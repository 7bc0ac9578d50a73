"""The month on the page: the figures of its report, what to do next, downloads, administrators."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ledger.book import statement as statements
from ledger.money import capital, yuan
from ledger.months import Month
from ledger.statement import MonthlyStatement
from ledger.web.strips import WIDE, fund, strips
from reports.chart import Bar
from tests import web_demo
from tests.web_demo import NOW, Built, Office, shown

MARCH = Month(2026, 3)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return web_demo.build(tmp_path_factory.getbasetemp() / "web-demo")


@pytest.fixture
def office(built: Built, tmp_path: Path) -> Iterator[Office]:
    made = web_demo.copy(built, tmp_path)
    yield made
    made.store.engine.dispose()


def march(office: Office) -> MonthlyStatement:
    with office.store.reading() as reading:
        return statements.monthly(reading, "demo", MARCH)


def test_the_page_says_the_figures_of_the_statement(office: Office) -> None:
    words = shown(office.desk("viewer").get("/demo/month/2026-03/"))
    one = march(office)
    assert one.summary.closing_fund_fen == 2_122_960
    for fen in (
        one.summary.income_fen,
        one.summary.deductions_fen,
        one.summary.net_fen,
        one.summary.spent_fen,
        one.summary.closing_fund_fen,
        one.tips.gross_fen,
        one.tips.handed_over_fen,
        *(item.amount_fen for item in one.pending),
        *(check.expected_fen for check in one.checks),
    ):
        assert yuan(fen) in words
    assert capital(one.summary.closing_fund_fen) in words
    for line in one.broadcasts:
        assert line.title in words
    for party in one.parties:
        assert f"{party.name.zh} {party.agreed} / {party.required} 张" in words


def test_checks_exceptions_pending_and_corrections_are_said_in_plain_words(office: Office) -> None:
    page = office.desk("discipline").get("/demo/month/2026-03/")
    words = shown(page)
    assert f"{len(march(office).checks)} 项都对得上" in words
    assert len(march(office).checks) == 9
    assert "记-0014 凭证有问询，尚未了结。" in words
    assert "截图后平台补计 5 音浪，以平台结算为准。" in words
    assert "记-0015 9,680.00 → 红字 记-0017 → 更正 记-0018 9,860.00" in words


def test_the_front_page_of_the_book_is_its_newest_month(office: Office) -> None:
    desk = office.desk("viewer")
    assert desk.get("/").headers["Location"] == "/demo/"
    assert "2026年3月 收支" in shown(desk.get("/demo/"))


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ("redcross", "15 张凭证待您签认"),
        ("charity", "1 个问询已有回复，请再次表态"),
        ("discipline", "15 张凭证待您签认"),
    ],
)
def test_each_person_is_told_what_to_do_next(office: Office, user: str, sentence: str) -> None:
    assert sentence in shown(office.desk(user).get("/demo/"))


def test_who_has_nothing_to_do_is_told_nothing(office: Office) -> None:
    assert 'class="todo"' not in office.desk("viewer").get("/demo/").text


def test_an_open_query_calls_those_who_answer_and_no_longer_once_it_is_answered(office: Office) -> None:
    charity, recorder = office.desk("charity"), office.desk("recorder")
    assert "个问询或退回待回复" not in shown(recorder.get("/demo/"))
    found = re.search(r'value="([0-9]+:[0-9a-f]{64})"', charity.get("/demo/signing/").text)
    assert found
    form = {
        "pick": [found[1]],
        "decision": "query",
        "reason": "请补附件",
        "signing_password": charity.login.signing_password,
    }
    signed = charity.post("/demo/signing/sign", form)
    assert signed.status_code == 302
    assert "1 个问询或退回待回复" in shown(recorder.get("/demo/"))
    asked = signed.headers["Location"].rsplit("/", 1)[1]
    assert recorder.post(f"/demo/signing/queries/{asked}", {"text": "已补"}).status_code == 302
    assert "个问询或退回待回复" not in shown(recorder.get("/demo/"))
    assert "2 个问询已有回复" in shown(charity.get("/demo/"))


@pytest.mark.parametrize("user", ["sysadmin", "secadmin", "auditadmin"])
def test_an_administrator_is_told_that_the_role_sees_no_business_data(office: Office, user: str) -> None:
    desk = office.desk(user)
    page = desk.get("/demo/")
    assert page.status_code == 200
    assert "您的岗位不看业务数据" in shown(page)
    assert "21,229.60" not in page.text
    for path in ("/demo/month/2026-03/", "/demo/month/2026-03/report.pdf", "/demo/month/2026-03/report.xlsx"):
        assert desk.get(path).status_code == 403


@pytest.mark.parametrize(
    ("month", "status"), [("2026-04", 404), ("2025-12", 404), ("2026-13", 400), ("x", 400)]
)
def test_a_month_without_entries_is_a_sentence(office: Office, month: str, status: int) -> None:
    desk = office.desk("viewer")
    for ending in ("", "report.pdf", "report.xlsx"):
        answer = desk.get(f"/demo/month/{month}/{ending}")
        assert answer.status_code == status
        assert "没有账目" in shown(answer) or "请写成 2026-03 的样子" in shown(answer)


def test_the_report_is_handed_out_as_a_draft_in_both_languages(office: Office) -> None:
    desk = office.desk("viewer")
    files = {}
    for ending, magic in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        for language in ("zh", "en"):
            answer = desk.get(f"/demo/month/2026-03/report.{ending}?lang={language}")
            assert answer.status_code == 200
            assert answer.data.startswith(magic)
            assert (
                f'filename="demo-202603-V1-draft-{language}.{ending}"'
                in answer.headers["Content-Disposition"]
            )
            files[ending, language] = answer.data
    assert len(set(files.values())) == 4
    assert desk.get("/demo/month/2026-03/report.pdf?lang=zh").data == files["pdf", "zh"]
    assert desk.get("/demo/month/2026-03/report.pdf?lang=fr").data == files["pdf", "zh"]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx", "zh"]))
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert capital(2_122_960) in values


def test_the_number_of_a_report_opens_its_month_for_who_has_a_seat(office: Office) -> None:
    number = march(office).number
    assert office.desk("viewer").get(f"/r/{number}").headers["Location"] == "/demo/month/2026-03/"
    assert "/login" in office.app.test_client().get(f"/r/{number}").headers["Location"]
    for wrong in ("demo-202604-V1", "other-202603-V1", "demo-202613-V1", "x", "demo-202603-V0"):
        assert office.desk("viewer").get(f"/r/{wrong}").status_code == 404


def test_a_book_without_entries_says_how_to_begin(built: Built, tmp_path: Path) -> None:
    from ledger.book import books, people, roster
    from ledger.words import Text

    office = web_demo.copy(built, tmp_path)
    with office.store.transaction("empty") as session:
        books.open_book(session, "empty", name=Text("新专账", ""), county=Text("示例县", ""), at=NOW)
        viewer = people.by_login(session, "viewer")
        assert viewer
        roster.seat(
            session,
            "empty",
            person=viewer.person,
            name="陈某某",
            party="operator",
            role="viewer",
            post="",
            by=books.SYSTEM,
            at=NOW,
        )
    page = office.desk("viewer").get("/empty/")
    assert page.status_code == 200
    assert "账本里还没有账目" in shown(page)
    office.store.engine.dispose()


def test_strips_stand_where_the_step_before_them_ended() -> None:
    made = strips((Bar("a", 1000, level=True), Bar("b", -400, level=False), Bar("c", 600, level=True)))
    assert [(one.x, one.wide, one.kind) for one in made] == [
        (0, 1000, "level"),
        (600, 400, "less"),
        (0, 600, "level"),
    ]


def test_strips_below_zero_and_of_nothing_stay_inside(office: Office) -> None:
    made = strips((Bar("a", 100, level=True), Bar("b", -300, level=False), Bar("c", -200, level=True)))
    assert [(one.x, one.wide) for one in made] == [(666, 333), (0, WIDE), (0, 666)]
    assert [one.wide for one in strips((Bar("a", 0, level=True),))] == [0]
    assert strips(()) == ()
    one = march(office)
    shown_steps = fund(one, "zh")
    assert (
        shown_steps[0].fen + sum(step.fen for step in shown_steps if step.kind != "level")
        == shown_steps[-1].fen
    )
    assert all(step.x in range(WIDE + 1) and step.x + step.wide <= WIDE for step in shown_steps)


def test_the_page_reads_one_snapshot(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second reading could see a voucher that was posted after the first."""
    opened = []
    store = type(office.store)
    first = store.reading

    def counted(self: object) -> object:
        opened.append(1)
        return first(self)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "reading", counted)
    office.desk("viewer").get("/demo/month/2026-03/")
    handler = len(opened)
    opened.clear()
    office.desk("viewer").get("/me")
    assert handler - len(opened) <= 1
