"""Findings: each rule fires on what it is for, is silent on a clean month, and nothing else finds it in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ledger.book import (
    accounts,
    agreements,
    broadcasts,
    calendars,
    corrections,
    declarations,
    drafts,
    evidence,
    findings,
    findings_people,
    limits,
    outcomes,
    relations,
    roster,
    rows,
)
from ledger.book.agreements import Terms
from ledger.book.compose import compose
from ledger.book.duties import NotYourDuty
from ledger.book.findings import Item
from ledger.book.month import view
from ledger.book.scene import SEVERITIES
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.store.engine import open_store
from ledger.store.record import Record
from tests import books, hidden_month
from tests.books import Office, at, new_entry
from tests.conftest import Demo, Originals
from tests.full_book import orders, settled

MARCH, APRIL_1 = Month(2026, 3), date(2026, 4, 1)
NAMES = dict(zip(books.SEATS, "赵钱孙周吴郑王冯陈褚卫蒋沈韩", strict=True))


# ---- a clean month -------------------------------------------------------------------------------------------


@dataclass
class Files:
    """The two books that the tests copy, and the clock of each: before the first broadcast, and with a clean month."""

    folder: Path
    office: Office
    clocks: dict[str, datetime]

    def copy(self, name: str, folder: Path) -> Office:
        shutil.copyfile(self.folder / f"{name}.db", folder / "book.db")
        store = open_store(f"sqlite:///{folder / 'book.db'}")
        return Office(store, self.office.book, dict(self.office.actors), self.clocks[name])


@pytest.fixture(scope="module")
def files(originals: Originals, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    """Make both books once."""
    folder = tmp_path_factory.mktemp("findings")
    with originals.copy("office", "sqlite", folder) as (opened, made):
        office = Office(opened, made.book, dict(made.actors), made.now)
        kept = Files(folder, office, {})
        office.write(lambda s: _prepare(office, s))
        _keep(kept, "fresh")
        _clean_month(office)
        _keep(kept, "clean")
        yield kept


def _keep(files: Files, name: str) -> None:
    engine = files.office.store.engine
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(engine.url.database or "", files.folder / f"{name}.db")
    files.clocks[name] = files.office.now


@pytest.fixture
def fresh(files: Files, tmp_path: Path) -> Iterator[Office]:
    """The test office with a name of its own for everybody, both accounts filed and an agreement for both."""
    office = files.copy("fresh", tmp_path)
    yield office
    books.check_everything(office.store)
    office.store.engine.dispose()


@pytest.fixture
def clean(files: Files, tmp_path: Path) -> Iterator[Office]:
    """A month with nothing to say about: one broadcast, declared, booked, and the opening signed by all."""
    office = files.copy("clean", tmp_path)
    yield office
    books.check_everything(office.store)
    office.store.engine.dispose()


def _prepare(office: Office, session: Session) -> None:
    security, moment = office.who("secadmin"), office.tick()
    for member in roster.members(session, office.book):
        login = member.person.removeprefix("p-")
        if login != "secadmin":
            roster.leave(session, security, member.idx, reason="改名", at=moment)
            roster.join(
                session,
                security,
                person=member.person,
                name=f"{NAMES[login]}某",
                party=member.party,
                role=member.role,
                post=member.post,
                at=moment,
            )
    for account in ("A01", "A02"):
        file_account(office, session, account)
    terms = Terms(
        "捐1号", "示例县红十字会", date(2026, 2, 20), date(2026, 3, 1), None, (), 10_000, "全部场次"
    )
    shot = [office.document(session, b"agreement")]
    agreements.register(session, office.who("accountant"), terms, attachments=shot, at=office.tick())


def file_account(office: Office, session: Session, account: str) -> None:
    for body in accounts.FILED_WITH:
        accounts.file_account(
            session,
            office.who("recorder"),
            account,
            filed_with=body,
            number="示备1号",
            filed_on=date(2026, 2, 24),
            attachments=[office.document(session, b"filing")],
            at=office.tick(),
        )


def _clean_month(office: Office) -> None:
    opening = office.read(lambda s: view(s, office.book, MARCH).opening)
    assert opening is not None
    office.sign_all(opening.idx)
    show(office, "2026-0001", day=3)
    office.now = at(4)
    office.tip("2026-0001")


def show(
    office: Office, number: str, day: int, told: int | None = 10_000, account: str = "A01", **more: Any
) -> None:
    """Register a broadcast and declare what it showed; None: nothing is said."""
    office.now = max(office.now, at(day, "19:00"))
    office.broadcast(number, day=day, account=account, host="李某", **more)
    office.now = max(office.now, at(day, "22:10"))
    if told is not None:
        declare(office, number, told, account=account)


def declare(office: Office, number: str, fen: int, account: str = "A01", units: int | None = None) -> None:
    when = office.read(lambda s: broadcasts.get(s, office.book, number)).starts_at

    def act(session: Session) -> None:
        given: dict[str, Any] = {
            "captured_at": when,
            "attachments": [office.document(session, b"screen" + number.encode())],
            "at": office.tick(),
        }
        recorder = office.who("recorder")
        if fen:
            declarations.declare(session, recorder, number, shown=((account, fen, units),), **given)
        else:
            declarations.declare_zero(session, recorder, number, accounts=(account,), **given)

    office.write(act)


def post(
    office: Office, kind: str, login: str = "accountant", poster: str = "checker", **more: Any
) -> Record:
    """Draft and post one entry in spite of any warning."""

    def act(session: Session) -> Record:
        entry = compose(session, office.who(login), new_entry(kind, **more), at=office.tick())
        draft = drafts.prepare(
            session, office.who(login), kind="manual", payload={"entries": [entry]}, at=office.tick()
        )
        return drafts.post(
            session, office.who(poster), draft.draft, seen=draft.digest, at=office.tick(), override="核对无误"
        )[0]

    return office.write(act)


def shot(office: Office, content: bytes) -> tuple[dict[str, Any], ...]:
    return (office.write(lambda s: office.document(s, content)),)


def spend(
    office: Office, fen: int = 5_000, payee: str = "示例县百货商店", day: int = 10, *, said: str = "none"
) -> int:
    """Let the Red Cross spend, and say whether the payee is a related party."""
    office.now = max(office.now, at(day))
    record = post(
        office,
        "SPEND",
        "redcross-clerk",
        "accountant",
        day=day,
        amount=fen,
        charity="redcross",
        facts={"activity": "慰问", "place": "示例镇", "beneficiaries": 3, "payee": payee},
        attachments=shot(office, f"{payee}{day}{fen}".encode()),
    )
    if said:
        office.write(
            lambda s: relations.declare(
                s,
                office.who("redcross-clerk"),
                record.index,
                relation=said,
                detail="经办人的亲属" if said == "related" else "",
                at=office.tick(),
            )
        )
    return record.index


def set_limits(office: Office, **changes: Any) -> None:
    office.write(
        lambda s: limits.set_limits(s, office.who("secadmin"), changes, reason="本县规定", at=office.tick())
    )


def receive(office: Office, name: str, data: bytes, *, post_it: bool = False) -> int:
    idx, _, read = office.import_file(data, name)
    if post_it:
        office.post(office.prepare(idx, read))
    return idx


# ---- one way to set off each rule ----------------------------------------------------------------------------


def undeclared(office: Office) -> None:
    show(office, "2026-0002", 5, None)


def declared_late(office: Office) -> None:
    show(office, "2026-0002", 5, None)
    office.now = at(7)
    declare(office, "2026-0002", 0)


def zero_with_income(office: Office) -> None:
    show(office, "2026-0002", 5, 0)
    office.now = at(6)
    office.tip("2026-0002")


def declared_differs(office: Office) -> None:
    show(office, "2026-0002", 5, 9_000)
    office.now = at(6)
    office.tip("2026-0002")


def declared_unbooked(office: Office) -> None:
    show(office, "2026-0002", 5)


def units_differ(office: Office) -> None:
    show(office, "2026-0002", 5, None)
    declare(office, "2026-0002", 10_000, units=10)
    office.now = at(6)
    office.tip("2026-0002")


def no_end(office: Office) -> None:
    show(office, "2026-0002", 5, ends_at=None)
    office.now = at(6)
    office.tip("2026-0002")


def outside(office: Office) -> None:
    post(office, "COMMISSION", total=1000, fee=100, attachments=shot(office, b"c"))


def share_unusual(office: Office) -> None:
    show(office, "2026-0002", 5)
    office.now = at(6)
    post(
        office,
        "TIP",
        "recorder",
        gross=10_000,
        share=2_000,
        broadcast="2026-0002",
        account="A01",
        attachments=shot(office, b"t"),
    )


def fee_unusual(office: Office) -> None:
    post(office, "COMMISSION", total=10_000, fee=3_000, broadcast="2026-0001", attachments=shot(office, b"c"))


def third_account(office: Office, owner_kind: str = "institution") -> None:
    office.write(
        lambda s: accounts.open_account(
            s,
            office.who("recorder"),
            platform="wechat",
            handle="示例县视频号",
            owner_kind=owner_kind,
            owner="李某",
            at=office.tick(),
        )
    )


def account_not_filed(office: Office) -> None:
    third_account(office)
    show(office, "2026-0002", 5, 0, account="A03")


def account_paused(office: Office) -> None:
    office.write(
        lambda s: accounts.pause(
            s,
            office.who("recorder"),
            "A02",
            paused=True,
            on_day=date(2026, 3, 4),
            reason="整改",
            at=office.tick(),
        )
    )
    show(office, "2026-0002", 5, 0, account="A02")


def account_personal(office: Office) -> None:
    third_account(office, "personal")
    office.write(lambda s: file_account(office, s, "A03"))
    show(office, "2026-0002", 5, 0, account="A03")


def flow(office: Office, account: str, *, make: Callable[[hidden_month.Plan], bytes], name: str) -> None:
    leg = hidden_month.Leg(account, 10_000)
    day = hidden_month.Show("2026-0009", at(9, "20:00"), at(9, "22:00"), [leg])
    order = hidden_month.Order("6931000000000300001", "2026-0009", at(9, "20:30"), 1000, 900)
    office.now = max(office.now, at(31))
    receive(office, name, make(hidden_month.Plan([day], [order])))


def flow_gifts(office: Office) -> None:
    flow(office, "A02", make=hidden_month.kuaishou_flow, name="快手动账.csv")


def flow_orders(office: Office) -> None:
    flow(office, "A01", make=hidden_month.douyin_flow, name="抖店动账明细.csv")


def flow_commission(office: Office) -> None:
    office.now = at(31)
    data = (books.SAMPLES.parent / "wallets" / "视频号资金流水.csv").read_bytes()
    receive(office, "视频号资金流水.csv", data)


def rows_unassigned(office: Office) -> None:
    office.now = at(26)
    receive(office, "打赏登记表.csv", books.tip_sheet(books.tip_row("2026-0009", day=9)), post_it=True)


def rows_newer(office: Office) -> None:
    office.now = at(26)
    receive(office, "早.csv", orders(settled(1)), post_it=True)
    changed = settled(1).replace("40.00,10.00%,4.00,3.60,3.60,0.40", "50.00,10.00%,5.00,4.50,4.50,0.50")
    receive(office, "晚.csv", orders(changed, settled(2)), post_it=True)


def rows_vanished(office: Office) -> None:
    office.now = at(26)
    times = ("2026-03-03 20:10:00", "2026-03-03 20:20:00", "2026-03-03 20:30:00")
    lines = [settled(n, paid) for n, paid in enumerate(times)]
    receive(office, "早.csv", orders(*lines), post_it=True)
    receive(office, "晚.csv", orders(lines[0], lines[2]))


def file_discarded(office: Office) -> None:
    office.now = at(26)
    idx = receive(office, "选错.csv", orders(settled(1)))
    office.write(
        lambda s: rows.discard(s, office.who("recorder"), idx, reason="选错了文件", at=office.tick())
    )


def file_waiting(office: Office) -> None:
    office.now = at(20)
    receive(office, "放着.csv", orders(settled(1)))


def split(office: Office) -> None:
    granted(office)
    set_limits(office, split_fen=10_000)
    for day in (10, 12):
        spend(office, 6_000, day=day)


def round_amount(office: Office) -> None:
    granted(office)
    set_limits(office, round_unit_fen=10_000, round_from_fen=10_000)
    spend(office, 20_000)


def relation_missing(office: Office) -> None:
    granted(office)
    spend(office, said="")


def related(office: Office) -> None:
    granted(office)
    spend(office, said="related")


def no_evidence(office: Office) -> None:
    post(office, "COMMISSION", total=1000, fee=100, broadcast="2026-0001")


def late_handover(office: Office) -> None:
    office.write(lambda s: calendars.adopt_packaged(s, office.who("secadmin"), 2026, at=office.tick()))
    office.now = at(5)
    post(office, "TIP_SETTLE", "recorder", day=5, amount=5_000, platform="douyin")
    post(
        office,
        "WITHDRAW_CARD",
        "recorder",
        day=5,
        gross=5_000,
        tax=0,
        platform="douyin",
        attachments=shot(office, b"withdrawal"),
    )


def suspense(office: Office) -> None:
    post(office, "UNIDENTIFIED", "cashier", amount=200)


def minors(office: Office) -> None:
    office.now = at(6)
    post(office, "TIP_SETTLE", "recorder", day=5, amount=5_000, platform="douyin")
    post(
        office,
        "REFUND_TIP",
        "recorder",
        day=6,
        gross=1_000,
        fee=500,
        broadcast="2026-0001",
        account="A01",
        facts={"minor": 1},
        attachments=shot(office, b"refund"),
    )


def red_letter(office: Office) -> None:
    wrong = post(office, "INTEREST", amount=9)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("accountant"),
            wrong.index,
            right=None,
            reason="多记",
            day=date(2026, 3, 4),
            at=office.tick(),
        )
    )
    office.post(draft)


def negative_asset(office: Office) -> None:
    post(office, "TIP_SETTLE", "recorder", amount=6_000, platform="douyin")


def no_agreement(office: Office) -> None:
    office.now = at(5)
    terms = Terms(
        "捐1号", "示例县红十字会", date(2026, 2, 20), date(2026, 3, 1), date(2026, 3, 4), (), 10_000, "截止"
    )
    office.write(
        lambda s: agreements.change(
            s, office.who("accountant"), terms, reason="到期", attachments=[], at=office.tick()
        )
    )
    show(office, "2026-0002", 6, 0)


def objection(office: Office) -> None:
    office.sign("charity", post(office, "INTEREST", amount=9).index, decision="return", reason="金额不符。")


def query(office: Office) -> None:
    office.sign("charity", post(office, "INTEREST", amount=9).index, decision="query", reason="请补充。")


def evidence_late(office: Office) -> None:
    entry = post(office, "INTEREST", amount=9)
    office.sign("charity", entry.index)
    office.write(
        lambda s: evidence.add(
            s,
            office.who("cashier"),
            entry.index,
            files=[office.document(s, b"late")],
            note="补回单",
            at=office.tick(),
        )
    )


def overridden(office: Office) -> None:
    fee_unusual(office)


def seat(office: Office, person: str, name: str, role: str = "accountant", party: str = "operator") -> None:
    office.write(
        lambda s: roster.join(
            s,
            office.who("secadmin"),
            person=person,
            name=name,
            party=party,
            role=role,
            post="",
            at=office.tick(),
        )
    )
    office.actors[person] = replace(office.who("accountant"), person=person, role=role, party=party)


def same_name(office: Office) -> None:
    seat(office, "p-twin", f"{NAMES['recorder']}某", "viewer")


def host_records(office: Office) -> None:
    office.now = at(5)
    office.broadcast("2026-0002", day=5, host=f"{NAMES['recorder']} 某")
    office.now = at(5, "22:10")
    declare(office, "2026-0002", 10_000)
    office.now = at(6)
    office.tip("2026-0002")


def pair(office: Office) -> None:
    for person in ("p-one", "p-other"):
        seat(office, person, person)
    for amount in range(findings_people.PAIR_MIN):
        post(office, "INTEREST", "p-one", "p-other", amount=10 + amount)
        post(office, "INTEREST", "p-other", "p-one", amount=20 + amount)


def substitute_records(office: Office) -> None:
    seat(office, "p-stand-in", f"{NAMES['recorder']}某", "viewer", "redcross")
    office.write(
        lambda s: roster.authorise_substitute(
            s,
            office.who("secadmin"),
            absent="p-redcross",
            person="p-stand-in",
            first_day=date(2026, 3, 1),
            last_day=date(2026, 3, 31),
            attachments=[office.document(s, b"paper")],
            at=office.tick(),
        )
    )


def granted(office: Office) -> None:
    """Allocate 10,000.00 to the Red Cross and pay it out."""
    post(
        office,
        "ALLOCATE",
        to_redcross=1_000_000,
        facts={"resolution": "1号"},
        attachments=shot(office, b"allocate"),
    )
    post(
        office,
        "GRANT_PAY",
        "cashier",
        amount=1_000_000,
        charity="redcross",
        facts={"resolution": "1号"},
        attachments=shot(office, b"grant"),
    )


CASES: dict[str, Callable[[Office], None]] = {
    "undeclared": undeclared,
    "declared-late": declared_late,
    "zero-with-income": zero_with_income,
    "declared-differs": declared_differs,
    "declared-unbooked": declared_unbooked,
    "units-differ": units_differ,
    "no-end": no_end,
    "outside": outside,
    "share-unusual": share_unusual,
    "fee-unusual": fee_unusual,
    "account-not-filed": account_not_filed,
    "account-paused": account_paused,
    "account-personal": account_personal,
    "flow-gifts": flow_gifts,
    "flow-wallet": flow_gifts,
    "flow-orders": flow_orders,
    "flow-commission": flow_commission,
    "rows-unassigned": rows_unassigned,
    "rows-newer": rows_newer,
    "rows-vanished": rows_vanished,
    "file-discarded": file_discarded,
    "file-waiting": file_waiting,
    "split": split,
    "round": round_amount,
    "relation-missing": relation_missing,
    "related": related,
    "no-evidence": no_evidence,
    "handover-late": late_handover,
    "suspense": suspense,
    "minor-refund": minors,
    "red-letter": red_letter,
    "negative-asset": negative_asset,
    "no-agreement": no_agreement,
    "objection": objection,
    "query": query,
    "evidence-late": evidence_late,
    "overridden": overridden,
    "same-name": same_name,
    "host-records": host_records,
    "pair": pair,
    "substitute-records": substitute_records,
}
ELSEWHERE = {"beyond-allocation", "opening-unsigned", "undisclosed"}
"""Rules that need another book or another day; each has its own test below."""


def items(office: Office, through: date = APRIL_1) -> tuple[Item, ...]:
    return office.read(lambda s: findings.items(s, view(s, office.book, MARCH), through))


def codes(office: Office, through: date = APRIL_1) -> list[str]:
    return [item.rule.code for item in items(office, through)]


def without(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(findings, "RULES", tuple(rule for rule in findings.RULES if rule.code != code))


# ---- the rules -----------------------------------------------------------------------------------------------


def test_a_clean_month_has_no_finding(clean: Office) -> None:
    assert not [(item.rule.code, item.found.where) for item in items(clean)]


def test_every_rule_has_its_test() -> None:
    known = [rule.code for rule in findings.RULES]
    assert len(known) == len(set(known))
    assert set(known) == set(CASES) | ELSEWHERE
    assert all(rule.severity in SEVERITIES and rule.name and rule.source for rule in findings.RULES)


@pytest.mark.parametrize("code", CASES)
def test_the_rule_fires(code: str, clean: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    CASES[code](clean)
    mine = [item for item in items(clean) if item.rule.code == code]
    assert mine
    for item in mine:
        sentence = item.found.message.format(**dict(item.found.values))
        assert item.found.where
        assert sentence
        assert "{" not in sentence
        assert len(item.digest) == 64
    without(monkeypatch, code)
    assert code not in codes(clean)


def test_the_rule_beyond_allocation_fires(originals: Originals, tmp_path: Path) -> None:
    with originals.copy("empty", "sqlite", tmp_path) as (opened, _):
        office = books.build(opened, opened=False)
        books.post_opening(office, {"1122.31": 500_000, "3102.01": -500_000})
        assert "beyond-allocation" in codes(office)


def test_the_rule_opening_unsigned_fires(fresh: Office) -> None:
    assert codes(fresh) == ["opening-unsigned"]


def test_the_rule_undisclosed_fires_once_the_day_is_over(clean: Office) -> None:
    assert "undisclosed" in codes(clean, date(2026, 5, 20))


# ---- in order, as of a day -----------------------------------------------------------------------------------


def test_the_most_serious_come_first_and_of_these_the_oldest(clean: Office) -> None:
    suspense(clean)
    show(clean, "2026-0002", 5, None)
    show(clean, "2026-0003", 6, None)
    outside(clean)
    found = items(clean)
    assert [item.severity for item in found] == sorted(
        (item.severity for item in found), key=SEVERITIES.index
    )
    assert [item.found.where for item in found if item.severity == "high"] == ["2026-0002", "2026-0003"]


def test_a_broadcast_of_tomorrow_is_not_missed_today(clean: Office) -> None:
    clean.broadcast("2026-0002", day=20, host="李某")
    assert "undeclared" not in codes(clean, date(2026, 3, 19))
    assert "undeclared" in codes(clean, date(2026, 3, 20))


def test_money_of_unknown_origin_grows_more_serious(clean: Office) -> None:
    suspense(clean)
    (young,) = items(clean, date(2026, 3, 20))
    (old,) = [item for item in items(clean, date(2026, 4, 20)) if item.rule.code == "suspense"]
    assert (young.severity, old.severity) == ("low", "middle")
    assert young.digest == old.digest


def test_an_open_query_grows_more_serious_once_it_is_overdue(clean: Office) -> None:
    query(clean)
    found = {
        day: next(i.severity for i in items(clean, date(2026, 3, day)) if i.rule.code == "query")
        for day in (5, 30)
    }
    assert found == {5: "middle", 30: "high"}


def test_what_concerns_the_whole_book_stands_once_in_the_morning_list(clean: Office) -> None:
    suspense(clean)
    clean.now = at(3, month=4)
    post(clean, "INTEREST", amount=5, date=date(2026, 4, 2))
    assert clean.read(lambda s: findings.open_months(s, clean.book)) == [Month(2026, 4), MARCH]
    found = clean.read(lambda s: findings.today(s, clean.book, date(2026, 4, 3)))
    assert [(item.rule.code, item.month) for item in found] == [("suspense", Month(2026, 4))]
    later = clean.read(
        lambda s: findings.items(s, view(s, clean.book, MARCH), date(2026, 4, 3), standing=False)
    )
    assert not later


def test_a_policy_says_what_the_platform_keeps(clean: Office) -> None:
    share_unusual(clean)
    assert "share-unusual" in codes(clean)
    set_limits(clean, share_bp={"douyin": 2_000}, share_tolerance_bp=3_000)
    assert "share-unusual" not in codes(clean)
    for changes in ({"nothing": 1}, {"split_fen": -1}, {"split_fen": True}, {"share_bp": {"douyin": "half"}}):
        with pytest.raises(Invalid):
            set_limits(clean, **changes)


def test_the_books_own_last_months_say_what_is_usual(clean: Office) -> None:
    for n in range(2, 5):
        show(clean, f"2026-000{n}", n + 3)
        clean.now = at(n + 4)
        post(
            clean,
            "TIP",
            "recorder",
            gross=10_000,
            share=4_000,
            broadcast=f"2026-000{n}",
            account="A01",
            attachments=shot(clean, str(n).encode()),
        )
    clean.now = at(1, month=4)
    clean.broadcast("2026-0009", host="李某", starts_at=at(1, "20:00", 4), ends_at=at(1, "22:00", 4))
    clean.now = at(2, month=4)
    post(
        clean,
        "TIP",
        "recorder",
        date=date(2026, 4, 2),
        gross=10_000,
        share=5_000,
        broadcast="2026-0009",
        account="A01",
        attachments=shot(clean, b"april"),
    )
    found = clean.read(lambda s: findings.items(s, view(s, clean.book, Month(2026, 4)), date(2026, 4, 3)))
    (mine,) = [item for item in found if item.rule.code == "share-unusual"]
    assert dict(mine.found.values)["usual"] == "42.5"


# ---- what is said of them ------------------------------------------------------------------------------------


def settle(office: Office, item: Item, login: str = "cashier", facts: str = "", **more: Any) -> Record:
    given = {"outcome": "explained", "text": "已联系平台。", **more}
    return office.write(
        lambda s: outcomes.settle(
            s,
            office.who(login),
            item.rule.code,
            item.found.subject,
            facts or item.digest,
            given["outcome"],
            given["text"],
            office.tick(),
            month=item.month,
        )
    )


def test_an_outcome_holds_until_the_facts_change(clean: Office) -> None:
    show(clean, "2026-0002", 5, 9_000)
    clean.now = at(6)
    first = clean.tip("2026-0002")
    (item,) = items(clean)
    record = settle(clean, item)
    assert record.kind == "exception.settled"
    (settled_one,) = items(clean)
    assert settled_one.outcome is not None
    assert (settled_one.outcome.text, settled_one.outcome.name) == ("已联系平台。", f"{NAMES['cashier']}某")
    line = clean.read(lambda s: findings.lines(s, view(s, clean.book, MARCH)))[0]
    assert (line.outcome, line.said_by) == ("explained", f"{NAMES['cashier']}某")
    right = new_entry("TIP", 5, broadcast="2026-0002", account="A01", gross=9_500, share=4_750)
    draft = clean.write(
        lambda s: corrections.prepare(
            s,
            clean.who("recorder"),
            first.index,
            right=right,
            reason="补计",
            day=date(2026, 3, 6),
            at=clean.tick(),
        )
    )
    clean.post(draft)
    again = next(item for item in items(clean) if item.rule.code == "declared-differs")
    assert again.open
    assert again.digest != item.digest


def test_an_outcome_is_refused_when_the_page_showed_other_facts(clean: Office) -> None:
    suspense(clean)
    (item,) = items(clean)
    post(clean, "UNIDENTIFIED", "cashier", amount=300)
    with pytest.raises(Conflict, match="事实"):
        settle(clean, item)
    (now,) = items(clean)
    settle(clean, now, facts=now.digest)


def test_nobody_settles_a_finding_about_himself(clean: Office) -> None:
    show(clean, "2026-0002", 5, 9_000)
    clean.now = at(6)
    clean.tip("2026-0002")
    (item,) = items(clean)
    with pytest.raises(NotYourDuty, match="本人"):
        settle(clean, item, "recorder")
    settle(clean, item, "checker")


def test_only_who_may_explain_settles_and_says_why(clean: Office) -> None:
    suspense(clean)
    (item,) = items(clean)
    for login in ("discipline", "viewer", "secadmin", "charity"):
        with pytest.raises(NotYourDuty):
            settle(clean, item, login)
    for more in ({"text": "  "}, {"outcome": "ignored"}, {"text": "长" * 1001}):
        with pytest.raises(Invalid):
            settle(clean, item, **more)
    gone = replace(item, found=replace(item.found, subject="nothing"))
    with pytest.raises(NotFound):
        settle(clean, gone)
    with pytest.raises(NotFound):
        settle(clean, replace(item, rule=replace(item.rule, code="no-rule")))


def test_the_demonstration_has_few_findings_and_they_are_true(demo_sqlite: Demo) -> None:
    with demo_sqlite.store.reading() as session:
        found = findings.today(session, demo_sqlite.book, date(2026, 4, 2))
    assert {item.rule.code for item in found if item.severity == "low"} <= {
        "account-personal",
        "suspense",
        "red-letter",
        "minor-refund",
        "undisclosed",
    }
    assert len(found) <= 15
