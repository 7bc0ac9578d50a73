"""Live accounts and broadcasts: filing, pauses, the night's declaration, no income, amendments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.book import accounts, broadcasts, declarations, evidence
from ledger.errors import Conflict, Invalid, NotFound, SunbookError
from ledger.months import Month
from tests.books import Office, at


@pytest.fixture
def night(office: Office) -> Office:
    """A broadcast of 3 March on two accounts; the clock stands at 22:30."""
    office.broadcast("2026-0001", accounts=("A01", "A02"))
    office.now = at(3, "22:30")
    return office


def declare(office: Office, number: str = "2026-0001", **more):
    def act(session):
        given = {
            "shown": (("A01", 10000, 1000),),
            "captured_at": at(3, "22:20"),
            "attachments": [office.document(session)],
            "at": office.tick(),
            **more,
        }
        return declarations.declare(session, office.who("recorder"), number, **given)

    return office.write(act)


def zero(office: Office, number: str = "2026-0001", **more):
    given = {
        "accounts": ("A02",),
        "captured_at": at(3, "22:20"),
        "attachments": [],
        "at": office.tick(),
        **more,
    }
    return office.write(lambda s: declarations.declare_zero(s, office.who("recorder"), number, **given))


def test_an_account_is_filed_with_both_bodies_before_its_first_broadcast_or_it_shows(office: Office):
    def file(filed_with: str, on: date, **more):
        given = {"number": "示备1号", "attachments": [], **more}
        office.write(
            lambda s: accounts.file_account(
                s,
                office.who("recorder"),
                "A01",
                filed_with=filed_with,
                filed_on=on,
                at=office.tick(),
                **given,
            )
        )

    file("leaders", date(2026, 2, 24))
    account = office.read(lambda s: accounts.get(s, office.book, "A01"))
    assert not account.filed_by(date(2026, 3, 3))
    file("discipline", date(2026, 2, 25))
    account = office.read(lambda s: accounts.get(s, office.book, "A01"))
    assert [account.filed_by(date(2026, 2, day)) for day in (24, 25, 26)] == [False, True, True]
    for bad in (
        {"filed_with": "police", "on": date(2026, 2, 24)},
        {"filed_with": "leaders", "on": date(2026, 2, 24), "number": " "},
        {"filed_with": "leaders", "on": date(2026, 3, 2)},
    ):
        with pytest.raises(Invalid):
            file(bad.pop("filed_with"), bad.pop("on"), **bad)


def test_an_account_is_paused_and_resumed_with_reasons_and_by_day(office: Office):
    def pause(paused: bool, day: int, reason: str = "整改"):
        office.write(
            lambda s: accounts.pause(
                s,
                office.who("recorder"),
                "A01",
                paused=paused,
                on_day=date(2026, 3, day),
                reason=reason,
                at=office.tick(),
            )
        )

    with pytest.raises(Conflict):
        pause(False, 1)
    with pytest.raises(Invalid):
        pause(True, 1, " ")
    pause(True, 5)
    with pytest.raises(Conflict):
        pause(True, 6)
    pause(False, 8)
    account = office.read(lambda s: accounts.get(s, office.book, "A01"))
    assert not account.paused
    assert [account.paused_on(date(2026, 3, day)) for day in (4, 5, 7, 8)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"platform": "weibo"}, Invalid),
        ({"handle": " "}, Invalid),
        ({"owner": " "}, Invalid),
        ({"owner_kind": "robot"}, SunbookError),
        ({"handle": "示例县公益直播"}, Conflict),
    ],
)
def test_an_account_that_cannot_be_is_refused(sqlite_office: Office, more, error):
    given = {"platform": "douyin", "handle": "新账号", "owner_kind": "personal", "owner": "张某某", **more}
    with pytest.raises(error):
        sqlite_office.write(
            lambda s: accounts.open_account(
                s, sqlite_office.who("recorder"), at=sqlite_office.tick(), **given
            )
        )


BAD_BROADCASTS = {
    "no title": {"title": " "},
    "no host": {"host": ""},
    "no account": {"accounts": ()},
    "three accounts": {"accounts": ("A01", "A02", "A03")},
    "the same account twice": {"accounts": ("A01", "A01")},
    "an end before the start": {"ends_at": at(3, "19:59")},
    "an end at the start": {"ends_at": at(3, "20:00")},
    "longer than a day": {"ends_at": at(4, "20:01")},
}


@pytest.mark.parametrize("more", BAD_BROADCASTS.values(), ids=BAD_BROADCASTS.keys())
def test_a_broadcast_that_cannot_be_is_refused(sqlite_office: Office, more):
    with pytest.raises(Invalid):
        sqlite_office.broadcast("2026-0001", **more)
    with pytest.raises(NotFound):
        sqlite_office.broadcast("2026-0001", accounts=("A09",))


def test_broadcasts_are_numbered_by_year_and_a_number_is_given_once(office: Office):
    office.broadcast("2026-0007")
    with pytest.raises(Conflict):
        office.broadcast("2026-0007")
    office.broadcast("")
    found = office.read(lambda s: [item.number for item in broadcasts.of_month(s, office.book)])
    assert found == ["2026-0007", "2026-0008"]


def test_a_broadcast_belongs_to_the_month_of_its_start_in_china_time(office: Office):
    late = at(31, "23:59")
    office.broadcast("2026-0001", starts_at=late, ends_at=late + timedelta(hours=3))
    early = at(1, "00:00", 4)
    office.broadcast("2026-0002", starts_at=early, ends_at=early + timedelta(hours=1))
    months = office.read(lambda s: [len(broadcasts.of_month(s, office.book, Month(2026, m))) for m in (3, 4)])
    assert months == [1, 1]


def test_an_amended_broadcast_keeps_its_former_record_and_shows_the_new(night: Office):
    before = night.read(lambda s: broadcasts.get(s, night.book, "2026-0001"))

    def amend(reason: str):
        return night.write(
            lambda s: broadcasts.amend(
                s,
                night.who("recorder"),
                "2026-0001",
                title="更正后的主题",
                starts_at=before.starts_at,
                ends_at=before.ends_at,
                accounts=("A01",),
                department="",
                host="李某某",
                host_person=None,
                reason=reason,
                at=night.tick(),
            )
        )

    with pytest.raises(Invalid):
        amend(" ")
    record = amend("主题写错")
    after = night.read(lambda s: broadcasts.get(s, night.book, "2026-0001"))
    assert (after.title, after.accounts, after.host, after.amended) == (
        "更正后的主题",
        ("A01",),
        "李某某",
        "主题写错",
    )
    assert (after.idx, before.idx) == (record.index, before.idx)
    assert before.idx < after.idx


def test_the_nights_declaration_needs_a_screenshot_an_amount_and_a_time_that_fits(night: Office):
    for bad in (
        {"attachments": []},
        {"shown": ()},
        {"shown": (("A01", -1, None),)},
        {"shown": (("A09", 1, None),)},
        {"captured_at": at(3, "19:59")},
        {"captured_at": at(3, "23:59")},
    ):
        with pytest.raises(Invalid):
            declare(night, **bad)
    declare(night)
    declare(night, shown=(("A01", 12000, None),), captured_at=at(3, "22:25"))
    found = night.read(lambda s: declarations.by_account(s, night.book, ["2026-0001"]))
    assert (found["2026-0001", "A01"].amount_fen, found["2026-0001", "A01"].units) == (12000, None)
    with pytest.raises(NotFound):
        declare(night, "2026-0009")


def test_no_income_is_declared_by_account_and_not_just_left_out(night: Office):
    with pytest.raises(Invalid):
        zero(night, accounts=())
    with pytest.raises(Invalid):
        zero(night, accounts=("A09",))
    zero(night)
    found = night.read(lambda s: declarations.by_account(s, night.book, ["2026-0001"]))
    assert (found["2026-0001", "A02"].zero, found["2026-0001", "A02"].amount_fen) == (True, 0)
    assert ("2026-0001", "A01") not in found


def test_a_difference_is_explained_in_words(night: Office):
    def explain(account: str = "A01", text: str = "平台补计"):
        return night.write(
            lambda s: declarations.explain(
                s,
                night.who("recorder"),
                "2026-0001",
                account=account,
                difference_fen=50,
                explanation=text,
                at=night.tick(),
            )
        )

    for bad in ({"account": "A09"}, {"text": " "}):
        with pytest.raises(Invalid):
            explain(**bad)
    explain()
    explain(text="后来查明")
    found = night.read(lambda s: declarations.explanations(s, night.book, ["2026-0001"]))
    assert found["2026-0001", "A01"].text == "后来查明"


def test_audience_figures_are_kept_as_the_platform_names_them(night: Office):
    def measure(*figures):
        return night.write(
            lambda s: declarations.measure(
                s,
                night.who("recorder"),
                "2026-0001",
                figures=figures,
                captured_at=at(3, "22:20"),
                attachments=[],
                at=night.tick(),
            )
        )

    for bad in (
        ("A01", " ", "人次", 1),
        ("A01", "观看", "", 1),
        ("A01", "观看", "人次", -1),
        ("A09", "观看", "人次", 1),
    ):
        with pytest.raises(Invalid):
            measure(bad)
    measure(("A01", "观看", "人次", 18260), ("A02", "点赞", "次", 3))
    found = night.read(lambda s: declarations.audience(s, night.book, ["2026-0001"]))
    assert [(row.account, row.name, row.unit, row.value) for row in found["2026-0001"]] == [
        ("A01", "观看", "人次", 18260),
        ("A02", "点赞", "次", 3),
    ]


def test_a_declaration_whose_files_show_no_page_is_refused(sqlite_office: Office):
    sqlite_office.broadcast("2026-0001", accounts=("A01", "A02"))
    sqlite_office.now = at(3, "22:30")
    note = sqlite_office.write(
        lambda s: evidence.keep(s, sqlite_office.book, "没有截图".encode(), "说明.txt")
    )
    with pytest.raises(Invalid, match="没有图片或 PDF"):
        declare(sqlite_office, attachments=[note])
