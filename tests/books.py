"""A small book for tests: the people of all roles, their keys, and what they do in a few words.

Everything goes through the same use cases as the screen. `check_everything`
verifies all books of a store; it is called after every test that writes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import (
    accounts,
    books,
    broadcasts,
    drafts,
    evidence,
    imports,
    keys,
    opening,
    postings,
    roster,
    signoff,
)
from ledger.book.compose import NewEntry, compose
from ledger.book.duties import Actor
from ledger.intake import Settlement
from ledger.months import CHINA, Month
from ledger.proof.signature import Work
from ledger.store import verify
from ledger.store.engine import Store
from ledger.store.record import Record
from ledger.words import Text

T = TypeVar("T")

CHEAP = Work(passes=1, memory_kib=8, lanes=1)
"""A sealed key that opens at once; the real cost is the default of `Work`."""

PASSWORD = "签名口令-2026"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

SEATS: dict[str, tuple[str, str]] = {
    "recorder": ("operator", "recorder"),
    "checker": ("operator", "checker"),
    "accountant": ("operator", "accountant"),
    "cashier": ("operator", "cashier"),
    "redcross": ("redcross", "signer"),
    "redcross-clerk": ("redcross", "clerk"),
    "redcross-viewer": ("redcross", "viewer"),
    "charity": ("charity", "signer"),
    "charity-clerk": ("charity", "clerk"),
    "discipline": ("discipline", "reviewer"),
    "viewer": ("operator", "viewer"),
    "sysadmin": ("administration", "sysadmin"),
    "secadmin": ("administration", "secadmin"),
    "auditadmin": ("administration", "auditadmin"),
}
SIGNERS = ("redcross", "charity", "discipline")


def at(day: int, clock: str = "12:00", month: int = 3) -> datetime:
    """Return a moment of 2026 in China time."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=CHINA)


def check_everything(store: Store, most: int = 5) -> None:
    """Verify every book from its record bytes up, and that no book is missing its log."""
    with store.reading() as session:
        for book in verify.books(session):
            verdict = verify.verify(session, book, derive=intake.derive, most=most)
            assert verdict.sound, [finding.text() for finding in verdict.broken]


@dataclass
class Office:
    """A store with one book; the clock moves on a minute with every act."""

    store: Store
    book: str
    actors: dict[str, Actor] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: at(1, "08:00"))

    def who(self, login: str) -> Actor:
        """Return a person as an actor."""
        return self.actors[login]

    def tick(self) -> datetime:
        """Return the next minute."""
        self.now += timedelta(minutes=1)
        return self.now

    def write(self, act: Callable[[Session], T]) -> T:
        """Do something in one transaction."""
        with self.store.transaction(self.book) as session:
            return act(session)

    def read(self, act: Callable[[Session], T]) -> T:
        """Look at something in one snapshot."""
        with self.store.reading() as session:
            return act(session)

    def document(self, session: Session, content: bytes = b"") -> dict[str, Any]:
        """File a picture; other content gives another file."""
        return evidence.keep(session, self.book, PNG + content, "凭证.png")

    def draft(self, login: str, new: NewEntry) -> drafts.Draft:
        """Draft one entry by hand."""

        def act(session: Session) -> drafts.Draft:
            moment = self.tick()
            payload = {"entries": [compose(session, self.who(login), new, at=moment)]}
            return drafts.prepare(session, self.who(login), kind="manual", payload=payload, at=moment)

        return self.write(act)

    def post(self, draft: drafts.Draft, poster: str = "checker") -> list[Record]:
        """Let a second person post a draft as shown."""
        return self.write(
            lambda s: drafts.post(s, self.who(poster), draft.draft, seen=draft.digest, at=self.tick())
        )

    def entry(self, kind: str, login: str = "accountant", poster: str = "checker", **more: Any) -> Record:
        """Draft and post one entry; places and facts by name, further arguments are amounts in fen."""
        return self.post(self.draft(login, new_entry(kind, **more)), poster)[0]

    def broadcast(self, number: str, day: int = 3, account: str = "A01", **more: Any) -> str:
        """Register a broadcast from 20:00 to 22:00 of a day in March."""
        given = {
            "number": number,
            "title": "助农专场",
            "starts_at": at(day, "20:00"),
            "ends_at": at(day, "22:00"),
            "accounts": (account,),
            "department": "县农业农村局",
            "host": "张某某",
            "host_person": None,
            **more,
        }
        self.write(lambda s: broadcasts.record(s, self.who("recorder"), **given, at=self.tick()))
        return number

    def tip(
        self, number: str, gross: int = 10000, share: int = 5000, account: str = "A01", **more: Any
    ) -> Record:
        """Post the tips of a broadcast by hand, with a screenshot."""
        shot = self.write(lambda s: self.document(s, number.encode()))
        return self.entry(
            "TIP",
            "recorder",
            gross=gross,
            share=share,
            broadcast=number,
            account=account,
            attachments=(shot,),
            **more,
        )

    def import_file(
        self, data: bytes, name: str = "打赏登记表.csv", login: str = "recorder"
    ) -> tuple[int, bool, Settlement]:
        """Receive a file; return its record index, whether it is new, and what was read."""
        settlement = intake.read(data, name)
        idx, new = self.write(
            lambda s: imports.receive(s, self.who(login), data, name, settlement, at=self.tick())
        )
        return idx, new, settlement

    def prepare(self, idx: int, settlement: Settlement, login: str = "recorder") -> drafts.Draft:
        """Draft what a received file would become."""
        return self.write(lambda s: imports.prepare(s, self.who(login), idx, settlement, at=self.tick()))

    def unlock(self, login: str, password: str = PASSWORD) -> tuple[keys.Key, Ed25519PrivateKey]:
        """Open a signer's key."""
        return self.read(lambda s: keys.unlock(s, self.who(login), password))

    def shown(self, *indexes: int) -> tuple[signoff.Seen, ...]:
        """Return records as a page shows them for signing."""
        return self.read(lambda s: tuple(signoff.seen(s, self.book, list(indexes))))

    def sign(self, login: str, *indexes: int, decision: str = "", reason: str = "") -> list[Record]:
        """Sign some records, by default in agreement."""
        said = decision or ("no-irregularity" if login == "discipline" else "agree")
        key, private = self.unlock(login)
        shown = self.shown(*indexes)
        return self.write(
            functools.partial(
                signoff.sign,
                actor=self.who(login),
                shown=shown,
                decision=said,
                reason=reason,
                key=key,
                private=private,
                at=self.tick(),
            )
        )

    def sign_all(self, *indexes: int) -> None:
        """Let all three parties agree."""
        for login in SIGNERS:
            self.sign(login, *indexes)

    def new_key(self, login: str, password: str = PASSWORD) -> str:
        """Make a signing key and have it confirmed; return its name."""

        def act(session: Session) -> str:
            moment = self.tick()
            name = keys.request(session, self.who(login), signing_password=password, at=moment, work=CHEAP)
            keys.confirm(session, self.who("secadmin"), name, at=moment)
            return name

        return self.write(act)


PLACES = (
    "broadcast",
    "account",
    "platform",
    "charity",
    "facts",
    "attachments",
    "rows",
    "memo",
    "summary",
    "reason",
)


def new_entry(kind: str, day: int = 1, **more: Any) -> NewEntry:
    """Return what a person says of an entry dated that day of March; what is no place is an amount in fen."""
    places = {name: more.pop(name) for name in PLACES if name in more}
    return NewEntry(type=kind, date=more.pop("date", date(2026, 3, day)), amounts=more, **places)


def build(store: Store, book: str = "county", *, opened: bool = True) -> Office:
    """Open a book with everybody seated, signers' keys, two filed accounts and (if `opened`) 20,000.00 in the bank."""
    office = Office(store, book)
    start = at(20, "09:00", 2)

    def found(session: Session) -> None:
        books.open_book(
            session,
            book,
            name=Text("示例县公益直播专账", ""),
            county=Text("示例县", "Sample County"),
            at=start,
        )
        for login, (party, role) in SEATS.items():
            actor = Actor(f"p-{login}", book, party, role, "岗位")
            office.actors[login] = actor
            roster.seat(
                session,
                book,
                person=actor.person,
                name="张某某",
                party=party,
                role=role,
                post="岗位",
                by=books.SYSTEM,
                at=start,
            )
        for login in SIGNERS:
            name = keys.request(session, office.who(login), signing_password=PASSWORD, at=start, work=CHEAP)
            keys.confirm(session, office.who("secadmin"), name, at=start)
        for platform, handle in (("douyin", "示例县公益直播"), ("kuaishou", "示例县政府")):
            accounts.open_account(
                session,
                office.who("recorder"),
                platform=platform,
                handle=handle,
                owner_kind="institution",
                owner="示例县人民政府办公室",
                at=start,
            )

    office.write(found)
    if opened:
        post_opening(office, {"1002.01": 2_000_000, "3102.01": -2_000_000})
    return office


def post_opening(office: Office, balances: dict[str, int], **more: Any) -> Record:
    """Draft and post an opening of March 2026."""

    def act(session: Session) -> drafts.Draft:
        moment = office.tick()
        given = {"items": (), "year": {}, "attachments": [office.document(session)], **more}
        body = opening.compose(
            session, office.who("accountant"), period=Month(2026, 3), balances=balances, **given
        )
        return drafts.prepare(
            session, office.who("accountant"), kind="opening", payload={"opening": body}, at=moment
        )

    return office.post(office.write(act))[0]


TIP_HEADER = (
    "直播场次号,平台,账号,开播时间,下播时间,音浪/黄钻数,平台显示打赏收入(元),平台显示可提现(元),"
    "截图文件,截图时间,录入人,复核人,备注"
)


def tip_row(number: str, day: int = 3, gross: str = "100.00", net: str = "50.00", note: str = "") -> str:
    """Return one row of a tip sheet: a broadcast on Douyin from 20:00 to 22:00 of a day in March."""
    days = f"2026-03-{day:02d}"
    units = gross.replace(".", "")[:-1]
    return (
        f"{number},抖音,示例县公益直播,{days} 20:00:00,{days} 22:00:00,{units},{gross},{net},"
        f",{days} 22:30:00,记录员甲,复核员乙,{note}"
    )


def tip_sheet(*rows: str) -> bytes:
    """Return a tip sheet as the office would upload it."""
    return ("\ufeff" + "\r\n".join([TIP_HEADER, *rows]) + "\r\n").encode()


def balances(office: Office, month: Month | None = None) -> dict[str, int]:
    """Return every account's balance (fen, debit positive) from the opening and all postings, zeros left out."""
    from sqlalchemy import func, select

    from ledger.store import tables as t

    def act(session: Session) -> dict[str, int]:
        found = {row.account: row.fen for row in opening.lines(session, office.book, "balance")}
        query = select(t.Posting.account, t.Posting.dc, func.sum(t.Posting.fen)).where(
            t.Posting.book_id == office.book
        )
        if month is not None:
            query = query.where(t.Posting.period == str(month))
        for account, dc, fen in session.execute(query.group_by(t.Posting.account, t.Posting.dc)):
            found[account] = found.get(account, 0) + postings.Line(account, dc, int(fen)).signed_fen
        return {account: fen for account, fen in sorted(found.items()) if fen}

    return office.read(act)


SAMPLES = Path(__file__).parent / "data" / "month-2026-03"
