"""Warnings at posting: what is unusual about a draft, a reason to post it all the same, and the record of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from ledger.book import drafts, entries, limits, overrides, warnings
from ledger.book.compose import compose
from ledger.months import Month
from ledger.store import log
from ledger.store import tables_check as c
from ledger.store.record import Record
from tests.books import Office, at, new_entry, tip_row, tip_sheet

MARCH = Month(2026, 3)
WHY = "已与发票和回单核对。"


def shot(office: Office, content: bytes) -> tuple[dict[str, Any], ...]:
    return (office.write(lambda s: office.document(s, content)),)


def draft(office: Office, kind: str, login: str = "accountant", **more: Any) -> drafts.Draft:
    return office.draft(login, new_entry(kind, **more))


def warned(office: Office, made: drafts.Draft) -> list[str]:
    found = office.read(
        lambda s: warnings.of_draft(s, office.book, made.payload, drafter=made.drafter, at=office.now)
    )
    for one in found:
        assert "{" not in one.problem().text()
    return [one.rule for one in found]


def post(office: Office, made: drafts.Draft, override: str = WHY, poster: str = "checker") -> list[Record]:
    return office.write(
        lambda s: drafts.post(
            s, office.who(poster), made.draft, seen=made.digest, at=office.tick(), override=override
        )
    )


def spending(office: Office, fen: int, payee: str = "示例县百货商店", day: int = 10) -> drafts.Draft:
    office.now = max(office.now, at(day))
    return draft(
        office,
        "SPEND",
        "redcross-clerk",
        day=day,
        amount=fen,
        charity="redcross",
        facts={"activity": "慰问", "place": "示例镇", "beneficiaries": 3, "payee": payee},
        attachments=shot(office, f"{fen}{payee}{day}".encode()),
    )


def granted(office: Office) -> None:
    """Allocate 10,000.00 to the Red Cross and pay it out."""
    facts = {"resolution": "1号"}
    post(
        office,
        draft(office, "ALLOCATE", to_redcross=1_000_000, facts=facts, attachments=shot(office, b"allocate")),
    )
    grant = {"charity": "redcross", "facts": facts, "attachments": shot(office, b"grant")}
    post(office, draft(office, "GRANT_PAY", "cashier", amount=1_000_000, **grant))
    changes = {"split_fen": 10_000, "round_unit_fen": 20_000, "round_from_fen": 20_000}
    office.write(
        lambda s: limits.set_limits(s, office.who("secadmin"), changes, reason="本县规定", at=office.tick())
    )


def tips(office: Office, share: int) -> drafts.Draft:
    office.broadcast("2026-0001")
    office.now = at(4)
    return draft(
        office,
        "TIP",
        "recorder",
        gross=10_000,
        share=share,
        broadcast="2026-0001",
        account="A01",
        attachments=shot(office, b"tips"),
    )


# ---- one test per warning: what sets it off, and the same without --------------------------------------------


def share(office: Office) -> drafts.Draft:
    return tips(office, 2_000)


def fee(office: Office) -> drafts.Draft:
    return draft(office, "COMMISSION", total=10_000, fee=5_000, attachments=shot(office, b"c"))


def round_sum(office: Office) -> drafts.Draft:
    granted(office)
    return spending(office, 40_000)


def split(office: Office) -> drafts.Draft:
    granted(office)
    post(office, spending(office, 6_001), poster="accountant")
    return spending(office, 6_002, "示例县 百货商店", day=12)


def duplicate(office: Office) -> drafts.Draft:
    granted(office)
    post(office, spending(office, 3_001), poster="accountant")
    return spending(office, 3_001)


def insider(office: Office) -> drafts.Draft:
    granted(office)
    return spending(office, 3_001, "张某某")


def backdated(office: Office) -> drafts.Draft:
    office.now = at(20, month=4)
    return draft(office, "UNIDENTIFIED", "cashier", day=19, amount=100)


def ordinary_tips(office: Office) -> drafts.Draft:
    return tips(office, 5_000)


def ordinary_spending(office: Office) -> drafts.Draft:
    granted(office)
    post(office, spending(office, 3_001), poster="accountant")
    return spending(office, 3_002, "示例县粮油店", day=12)


def ordinary_receipt(office: Office) -> drafts.Draft:
    office.now = at(20)
    return draft(office, "UNIDENTIFIED", "cashier", day=19, amount=100)


CASES: dict[str, Callable[[Office], drafts.Draft]] = {
    "share": share,
    "fee": fee,
    "round": round_sum,
    "split": split,
    "duplicate": duplicate,
    "insider": insider,
    "backdated": backdated,
}


def test_every_warning_has_its_test() -> None:
    assert set(CASES) == set(warnings.NAMES)
    assert len(warnings.CHECKS) == len(CASES)


@pytest.mark.parametrize("rule", CASES)
def test_the_warning_stands(rule: str, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = CASES[rule](sqlite_office)
    assert warned(sqlite_office, made) == [rule]
    left = tuple(check for check in warnings.CHECKS if check.__name__.strip("_") != rule)
    assert len(left) == len(warnings.CHECKS) - 1
    monkeypatch.setattr(warnings, "CHECKS", left)
    assert warned(sqlite_office, made) == []


@pytest.mark.parametrize("case", [ordinary_tips, ordinary_spending, ordinary_receipt])
def test_an_ordinary_voucher_has_none(case: Callable[[Office], drafts.Draft], sqlite_office: Office) -> None:
    made = case(sqlite_office)
    assert warned(sqlite_office, made) == []
    assert (
        len(
            post(
                sqlite_office,
                made,
                override="",
                poster="accountant" if "spending" in case.__name__ else "checker",
            )
        )
        == 1
    )


def test_what_a_file_dates_is_not_backdated(sqlite_office: Office) -> None:
    office = sqlite_office
    office.broadcast("2026-0001")
    office.now = at(20, month=5)
    idx, _, read = office.import_file(tip_sheet(tip_row("2026-0001")))
    assert warned(office, office.prepare(idx, read)) == []


def test_two_spendings_of_one_draft_are_seen_together(sqlite_office: Office) -> None:
    office = sqlite_office
    granted(office)
    office.now = at(11)
    one, other = spending(office, 6_001), spending(office, 6_002)
    payload = {"entries": [*one.payload["entries"], *other.payload["entries"]]}
    found = office.read(lambda s: warnings.of_draft(s, office.book, payload, drafter="p", at=office.now))
    assert [(item.rule, item.place) for item in found] == [("split", 1)]


# ---- posting in spite of it ----------------------------------------------------------------------------------


def test_without_a_reason_nothing_is_posted_and_every_warning_is_listed(office: Office) -> None:
    made = share(office)
    size = office.read(lambda s: log.size(s, office.book))
    for override in ("", "  "):
        with pytest.raises(overrides.Unexplained, match="1 处提示") as refused:
            post(office, made, override)
        assert [problem.row for problem in refused.value.problems] == [1]
        assert "20.0%" in refused.value.problems[0].text()
    assert office.read(lambda s: log.size(s, office.book)) == size
    assert office.read(lambda s: drafts.get(s, office.book, made.draft)).state == "open"


def test_with_a_reason_the_override_is_recorded_with_the_voucher(office: Office) -> None:
    posted, overridden = post(office, share(office))
    assert (posted.kind, overridden.kind) == ("entry.posted", "warning.overridden")
    assert overridden.index == posted.index + 1
    assert overridden.body == {
        "entries": [posted.index],
        "rule": "share",
        "subject": warnings.NAMES["share"],
        "reason": WHY,
    }
    row = office.read(lambda s: s.scalars(select(c.Override)).one())
    assert (row.entry_idx, row.reason) == (posted.index, WHY)


def test_a_reason_where_no_warning_stands_records_nothing(sqlite_office: Office) -> None:
    records = post(sqlite_office, ordinary_tips(sqlite_office))
    assert [record.kind for record in records] == ["entry.posted"]


def test_what_became_unusual_since_the_page_was_shown_is_looked_for_again(sqlite_office: Office) -> None:
    office = sqlite_office
    granted(office)
    first, second = spending(office, 3_001), spending(office, 3_001)
    assert warned(office, second) == []
    post(office, first, override="", poster="accountant")
    with pytest.raises(overrides.Unexplained):
        post(office, second, override="", poster="accountant")


def test_the_vouchers_of_a_draft_are_named_one_by_one(sqlite_office: Office) -> None:
    office = sqlite_office
    granted(office)
    for day, payee in ((10, "示例县百货商店"), (11, "示例县粮油店")):
        post(office, spending(office, 3_000 + day, payee, day), poster="accountant")
    made = [compose_one(office, 3_010, "示例县百货商店", 10), compose_one(office, 3_005, "示例县书店", 10)]
    made.append(compose_one(office, 3_011, "示例县粮油店", 11))
    payload = {"entries": made}
    bundle = office.write(
        lambda s: drafts.prepare(
            s, office.who("redcross-clerk"), kind="manual", payload=payload, at=office.tick()
        )
    )
    records = post(office, bundle, poster="accountant")
    assert [record.kind for record in records] == [*["entry.posted"] * 3, "warning.overridden"]
    assert records[-1].body["entries"] == [records[0].index, records[2].index]
    assert len(office.read(lambda s: entries.of_month(s, office.book, MARCH))) == 7


def compose_one(office: Office, fen: int, payee: str, day: int) -> dict[str, Any]:
    new = new_entry(
        "SPEND",
        day,
        amount=fen,
        charity="redcross",
        facts={"activity": "慰问", "place": "示例镇", "beneficiaries": 3, "payee": payee},
        attachments=shot(office, f"again{payee}".encode()),
    )
    return office.write(lambda s: compose(s, office.who("redcross-clerk"), new, at=office.tick()))
