"""Duties of publication: when each arises and is due, what was published, and what is late."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ledger.book import calendars, disclosure_items, disclosures, month, policies
from ledger.book.disclosure_items import DUTIES
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid
from ledger.months import CHINA, Month
from ledger.store import log
from tests.books import PNG, Office

Told = tuple[str, str, str, str]
LINK = "https://www.example.gov.cn/gongshi/2026/03.html"


def told(office: Office, period: str, today: date, *codes: str) -> list[Told]:
    """Return (duty, shown, due, state) of what concerns a month, as of a day."""
    found = office.read(lambda s: disclosures.standings(s, office.book, Month.parse(period), today))
    return [
        (one.item.duty, one.item.shown, one.due.isoformat() if one.due else "", one.state)
        for one in found
        if not codes or one.item.duty in codes
    ]


def register(
    office: Office, duty: str, subject: str, done_on: date, login: str = "recorder", **more: Any
) -> Any:
    given = {"link": LINK, "attachments": [], **more}
    office.now = max(office.now, datetime(done_on.year, done_on.month, done_on.day, 18, tzinfo=CHINA))
    return office.write(
        lambda s: disclosures.register(
            s, office.who(login), duty=duty, subject=subject, done_on=done_on, at=office.tick(), **given
        )
    )


def entry(office: Office, kind: str, day: date, login: str = "cashier", **more: Any) -> Any:
    """Post an entry on its own day, with a document."""
    office.now = max(office.now, datetime(day.year, day.month, day.day, 9, tzinfo=CHINA))
    shot = office.write(lambda s: office.document(s, f"{kind}{day}".encode()))
    return office.entry(kind, login, date=day, attachments=(shot,), **more)


def grant(office: Office, day: date, amount: int, charity: str = "redcross") -> Any:
    return entry(
        office,
        "GRANT_PAY",
        day,
        "accountant",
        charity=charity,
        amount=amount,
        facts={"bank_serial": "12345678", "resolution": "2026-03号"},
    )


def load_2026(office: Office) -> None:
    office.write(lambda s: calendars.adopt_packaged(s, office.who("secadmin"), 2026, at=office.tick()))


# ---- when duties arise and are due -----------------------------------------------------------------------


def test_a_new_book_owes_its_monthly_report_by_the_fifteenth_of_the_next_month(office: Office):
    assert told(office, "2026-03", date(2026, 3, 31)) == [("monthly", "2026-03", "2026-04-15", "due")]
    assert told(office, "2026-03", date(2026, 4, 15))[0][-1] == "due"
    assert told(office, "2026-03", date(2026, 4, 16))[0][-1] == "overdue"
    assert told(office, "2026-02", date(2026, 2, 28)) == []
    lines = office.read(lambda s: disclosures.lines(s, month.view(s, office.book, Month(2026, 3))))
    (line,) = lines
    assert (line.name, line.subject, line.due) == ("收支月报", "2026-03", date(2026, 4, 15))
    assert (line.state, line.done_on, line.link, line.working_days) == ("due", None, "", False)
    assert "县内约定" in line.rule


def test_the_day_of_the_monthly_report_is_a_policy(sqlite_office: Office):
    office = sqlite_office
    office.write(
        lambda s: disclosures.set_day(s, office.who("secadmin"), 10, reason="县里决定", at=office.tick())
    )
    assert told(office, "2026-03", date(2026, 4, 11)) == [("monthly", "2026-03", "2026-04-10", "overdue")]
    for day in (0, 29):
        with pytest.raises(Invalid, match="1 到 28 日"):
            office.write(
                lambda s, d=day: disclosures.set_day(
                    s, office.who("secadmin"), d, reason="x", at=office.tick()
                )  # type: ignore[misc]
            )
    with pytest.raises(Invalid, match="原因"):
        office.write(lambda s: disclosures.set_day(s, office.who("secadmin"), 9, reason="", at=office.tick()))
    with pytest.raises(NotYourDuty):
        office.write(
            lambda s: disclosures.set_day(s, office.who("accountant"), 9, reason="x", at=office.tick())
        )


def test_the_monthly_report_of_december_is_due_in_january(sqlite_office: Office):
    assert ("monthly", "2026-12", "2027-01-15", "due") in told(sqlite_office, "2026-12", date(2026, 12, 31))


def test_a_promised_report_stays_on_the_list_until_it_is_done_and_once_more_in_that_month(office: Office):
    may = told(office, "2026-05", date(2026, 5, 31), "monthly")
    assert [(shown, state) for _, shown, _, state in may] == [
        ("2026-03", "overdue"),
        ("2026-04", "overdue"),
        ("2026-05", "due"),
    ]
    register(office, "monthly", "2026-03", date(2026, 5, 20))
    may = told(office, "2026-05", date(2026, 5, 31), "monthly")
    assert [(shown, state) for _, shown, _, state in may][:2] == [("2026-03", "late"), ("2026-04", "overdue")]
    june = told(office, "2026-06", date(2026, 6, 30), "monthly")
    assert [shown for _, shown, _, _ in june] == ["2026-04", "2026-05", "2026-06"]


def test_progress_is_asked_for_every_three_months_once_the_book_runs_longer_than_six(office: Office):
    assert told(office, "2026-08", date(2026, 8, 31), "quarterly") == []
    september = [("quarterly", "2026-09—2026-11", "2026-11-30", "due")]
    assert told(office, "2026-09", date(2026, 9, 1), "quarterly") == september
    assert told(office, "2026-11", date(2026, 11, 30), "quarterly") == september
    assert told(office, "2026-12", date(2026, 12, 31), "quarterly") == [
        ("quarterly", "2026-09—2026-11", "2026-11-30", "overdue"),
        ("quarterly", "2026-12—2027-02", "2027-02-28", "due"),
    ]
    register(office, "quarterly", "2026-11", date(2026, 10, 8))
    assert told(office, "2026-11", date(2026, 11, 30), "quarterly") == []
    assert told(office, "2026-10", date(2026, 11, 30), "quarterly")[0][-1] == "done"


def test_the_annual_report_is_due_on_31_may_of_the_next_year(sqlite_office: Office):
    office = sqlite_office
    assert told(office, "2026-11", date(2026, 11, 30), "annual") == []
    assert told(office, "2026-12", date(2026, 12, 31), "annual") == [("annual", "2026", "2027-05-31", "due")]
    assert told(office, "2027-06", date(2027, 6, 1), "annual") == [
        ("annual", "2026", "2027-05-31", "overdue")
    ]


def agreement(office: Office, number: str, last_day: str | None, **more: Any) -> None:
    shot = office.write(lambda s: office.document(s, number.encode()))
    body = {
        "agreement": number,
        "party": "公益直播运营单位",
        "signed_on": "2026-02-25",
        "first_day": "2026-03-01",
        "accounts": [],
        "share_bp": 10000,
        "scope": "全部打赏",
        "attachments": [shot],
        **({"last_day": last_day} if last_day else {}),
        **more,
    }
    office.write(
        lambda s: log.append(s, office.book, "agreement.registered", body, by="p-recorder", at=office.tick())
    )


def test_the_full_report_is_due_three_months_after_the_last_agreement_ends(office: Office):
    agreement(office, "1号", "2026-05-31")
    agreement(office, "2号", None)
    assert told(office, "2026-12", date(2026, 12, 31), "full") == [], "one agreement has no end"
    agreement(office, "2号", "2026-11-30", reason="补登期限")
    assert told(office, "2026-10", date(2026, 10, 31), "full") == []
    assert told(office, "2026-11", date(2026, 11, 30), "full") == [
        ("full", "2026-11-30", "2027-02-28", "due")
    ]
    register(office, "full", "2026-11-30", date(2027, 3, 1))
    assert told(office, "2027-03", date(2027, 3, 31), "full") == [
        ("full", "2026-11-30", "2027-02-28", "late")
    ]


def test_payments_from_the_set_amount_on_and_related_parties_are_major(office: Office):
    first = grant(office, date(2026, 3, 10), 5_000_00)
    grant(office, date(2026, 3, 12), 4_999_99, "charity")
    assert told(office, "2026-03", date(2026, 3, 31), "major") == []
    office.write(
        lambda s: log.append(
            s,
            office.book,
            "policy.set",
            {"name": "disclosure_major_fen", "value": 5_000_00, "reason": "章程"},
            by="p-secadmin",
            at=office.tick(),
        )
    )
    number = first.body["number"]
    assert told(office, "2026-03", date(2026, 4, 10), "major") == [
        ("major", f"2026-03 {number}", "2026-04-09", "overdue")
    ]
    register(office, "major", f"2026-03 {number}", date(2026, 4, 9))
    assert told(office, "2026-03", date(2026, 4, 10), "major")[0][-1] == "done"


def test_a_spending_for_a_related_party_is_major_until_the_word_is_taken_back(sqlite_office: Office):
    office = sqlite_office
    paid = grant(office, date(2026, 3, 10), 100_00)

    def say(relation: str) -> None:
        body = {"entry": paid.index, "relation": relation}
        office.write(
            lambda s: log.append(s, office.book, "relation.declared", body, by="p-redcross", at=office.tick())
        )

    say("related")
    assert len(told(office, "2026-03", date(2026, 3, 31), "major")) == 1
    say("none")
    assert told(office, "2026-03", date(2026, 3, 31), "major") == []


# ---- guidance --------------------------------------------------------------------------------------------


def test_receipts_are_to_be_published_within_seven_working_days_and_uses_within_a_month(office: Office):
    got = entry(office, "HANDOVER", date(2026, 3, 31), amount=100_00)
    used = grant(office, date(2026, 3, 31), 50_00)
    codes = ("receipt", "use")
    shown = (f"2026-03 {got.body['number']}", f"2026-03 {used.body['number']}")
    assert told(office, "2026-03", date(2026, 3, 31), "receipt") == [("receipt", shown[0], "", "due")]
    load_2026(office)
    assert told(office, "2026-03", date(2026, 3, 31), *codes) == [
        ("receipt", shown[0], "2026-04-10", "due"),
        ("use", shown[1], "2026-04-30", "due"),
    ]
    assert [one[-1] for one in told(office, "2026-04", date(2026, 4, 30), *codes)] == ["overdue", "due"]
    assert told(office, "2026-05", date(2026, 5, 1), *codes) == [], "guidance is not carried on for ever"


def test_one_publication_covers_what_arrived_until_its_day(sqlite_office: Office):
    office = sqlite_office
    load_2026(office)
    for day in (5, 16, 20):
        entry(office, "HANDOVER", date(2026, 3, day), amount=100_00 + day)
    register(office, "receipt", "2026-03", date(2026, 3, 17))
    dues = [(due, state) for _, _, due, state in told(office, "2026-03", date(2026, 3, 31), "receipt")]
    assert dues == [("2026-03-16", "late"), ("2026-03-25", "done"), ("2026-03-31", "due")]
    register(office, "receipt", "2026-03", date(2026, 3, 31))
    assert told(office, "2026-03", date(2026, 3, 31), "receipt")[-1][-1] == "done"


def test_an_entry_that_was_reversed_need_not_be_published(sqlite_office: Office):
    from ledger.book import corrections

    office = sqlite_office
    load_2026(office)
    made = entry(office, "HANDOVER", date(2026, 3, 5), amount=100_00)
    assert len(told(office, "2026-03", date(2026, 3, 31), "receipt")) == 1
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("accountant"),
            made.index,
            right=None,
            reason="记错",
            day=date(2026, 3, 5),
            at=office.tick(),
        )
    )
    office.post(draft)
    assert told(office, "2026-03", date(2026, 3, 31), "receipt") == []


def test_a_line_that_cannot_be_dated_is_left_out_of_the_report_and_only_there(sqlite_office: Office):
    office = sqlite_office
    entry(office, "HANDOVER", date(2026, 3, 5), amount=100_00)
    assert [one[0] for one in told(office, "2026-03", date(2026, 3, 31))] == ["monthly", "receipt"]
    seen = office.read(lambda s: month.view(s, office.book, Month(2026, 3)))
    assert [one.name for one in office.read(lambda s: disclosures.lines(s, seen))] == ["收支月报"]
    load_2026(office)
    found = office.read(lambda s: disclosures.lines(s, seen))
    assert [(one.name, one.working_days) for one in found] == [("到账信息", True), ("收支月报", False)]


def test_each_duty_says_where_it_comes_from_and_guidance_says_that_it_is_not_law():
    for duty in DUTIES.values():
        assert duty.soft == ("非法定" in duty.rule)
        assert duty.soft or any(word in duty.rule for word in ("法", "办法", "县内约定"))


# ---- registering -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["recorder", "accountant", "redcross-clerk", "charity-clerk"])
def test_a_publication_is_registered_with_its_link_or_a_picture(office: Office, login: str):
    shot = office.write(office.document)
    register(office, "monthly", "2026-03", date(2026, 4, 14), login, link="", attachments=[shot])
    (made,) = office.read(lambda s: disclosures.made(s, office.book))
    assert (made.duty, made.subject, made.done_on, made.link) == ("monthly", "2026-03", date(2026, 4, 14), "")
    assert (made.by, [file.name for file in made.files]) == (f"p-{login}", ["凭证.png"])
    assert told(office, "2026-03", date(2026, 4, 20)) == [("monthly", "2026-03", "2026-04-15", "done")]


@pytest.mark.parametrize("login", ["checker", "cashier", "redcross", "discipline", "viewer", "secadmin"])
def test_nobody_else_registers(sqlite_office: Office, login: str):
    with pytest.raises(NotYourDuty):
        register(sqlite_office, "monthly", "2026-03", date(2026, 4, 14), login)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"duty": "weekly"}, "请从列表里选择"),
    ({"subject": "2026-3"}, "请从列表里选择"),
    ({"subject": "２０２６-03"}, "请从列表里选择"),
    ({"duty": "full", "subject": "2026-02-30"}, "请从列表里选择"),
    ({"duty": "major", "subject": "2026-03"}, "请从列表里选择"),
    ({"duty": "annual", "subject": "2026-03"}, "请从列表里选择"),
    ({"done_on": date(2026, 4, 15)}, "不能晚于今天"),
    ({"done_on": date(2026, 3, 30)}, "不能早于 2026-03-31"),
    ({"duty": "annual", "subject": "2026"}, "不能早于 2026-12-31"),
    ({"duty": "quarterly", "subject": "2026-11"}, "不能早于 2026-09-01"),
    ({"link": ""}, "请填写公开页面的网址"),
    ({"link": "www.example.gov.cn/a"}, "网址请从浏览器地址栏"),
    ({"link": "javascript:alert(1)"}, "网址请从浏览器地址栏"),
    ({"link": "ftp://example.gov.cn/a"}, "网址请从浏览器地址栏"),
    ({"link": "https://"}, "网址请从浏览器地址栏"),
    ({"link": "https://[::1/"}, "网址请从浏览器地址栏"),
    ({"link": "https://a b.cn/"}, "网址请从浏览器地址栏"),
    ({"link": 'https://example.cn/"onclick='}, "网址请从浏览器地址栏"),
    ({"link": "https://real.gov.cn@evil.cn/"}, "网址请从浏览器地址栏"),
    ({"link": "https://example.cn/" + "a" * 500}, "最多 500 个字符"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_a_bad_registration_is_refused_and_nothing_is_stored(
    sqlite_office: Office, changes: dict[str, Any], sentence: str
):
    office = sqlite_office
    office.now = datetime(2026, 4, 14, 9, tzinfo=CHINA)
    given = {
        "duty": "monthly",
        "subject": "2026-03",
        "done_on": date(2026, 4, 14),
        "link": LINK,
        "attachments": [],
        **changes,
    }
    with pytest.raises(Invalid, match=sentence):
        office.write(lambda s: disclosures.register(s, office.who("recorder"), **given, at=office.tick()))
    assert office.read(lambda s: disclosures.made(s, office.book)) == []


def test_the_same_publication_twice_is_refused_another_is_not(sqlite_office: Office):
    office = sqlite_office
    register(office, "monthly", "2026-03", date(2026, 4, 14))
    with pytest.raises(Conflict, match="已经登记"):
        register(office, "monthly", "2026-03", date(2026, 4, 14))
    register(office, "monthly", "2026-03", date(2026, 4, 14), link=LINK + "?v=2")
    shot = office.write(lambda s: office.document(s, PNG))
    register(office, "monthly", "2026-03", date(2026, 4, 14), attachments=[shot])
    assert len(office.read(lambda s: disclosures.made(s, office.book))) == 3


def test_of_several_publications_the_first_counts(sqlite_office: Office):
    office = sqlite_office
    register(office, "monthly", "2026-03", date(2026, 4, 20))
    assert told(office, "2026-03", date(2026, 4, 20))[0][-1] == "late"
    register(office, "monthly", "2026-03", date(2026, 4, 10))
    assert told(office, "2026-03", date(2026, 4, 20))[0][-1] == "done"


def test_three_months_later_is_never_a_day_that_does_not_exist():
    later = disclosure_items._months_later
    assert later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert later(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert later(date(2026, 3, 15), 3) == date(2026, 6, 15)


def test_a_policy_that_is_no_amount_makes_nothing_major(sqlite_office: Office):
    office = sqlite_office
    grant(office, date(2026, 3, 10), 5_000_00)
    for value in (0, -1, "many", True):
        body = {"name": "disclosure_major_fen", "value": value, "reason": "x"}
        office.write(
            lambda s, b=body: log.append(s, office.book, "policy.set", b, by="p-secadmin", at=office.tick())  # type: ignore[misc]
        )
        assert office.read(lambda s: policies.policy(s, office.book, "disclosure_major_fen", None)) == value
        assert told(office, "2026-03", date(2026, 3, 31), "major") == []
