"""The chart of accounts and the entry types of a book: data adopted by a record, not constants.

A chart says which accounts there are, how each entry type posts, which facts it
needs, who may draft it, and which party says what about it. The packaged chart
follows `民间非营利组织会计制度` (effective 2026-01-01); a county changes it by
adopting another chart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.errors import Invalid, NotFound
from ledger.store import tables as t
from ledger.words import N_, Text

PACKAGED = Path(__file__).resolve().parent / "charts" / "county-2026.json"
REVERSAL = "REVERSAL"
CLOSE = "CLOSE"
"""The type of closing vouchers (月末结转): built in, so that a book with an older chart closes as well."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `type`: asset, liability, fund, income or expense."""

    code: str
    name: Text
    type: str


@dataclass(frozen=True, slots=True)
class Input:
    """An amount (fen) that an entry of this type is made from."""

    name: str
    label: Text
    optional: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A further field of an entry type. `kind`: text or integer."""

    name: str
    label: Text
    kind: str
    private: bool
    required: bool


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A party's part in entries of a type; `own` and `other` are the charity's own and the other one."""

    party: str
    part: str
    statement: str


@dataclass(frozen=True, slots=True)
class EntryType:
    """How entries of one type are made. `broadcast`: none, optional or required."""

    code: str
    name: Text
    group: str
    broadcast: str
    platform: bool
    charity: bool
    inputs: tuple[Input, ...]
    lines: tuple[tuple[str, str, str], ...]
    facts: tuple[Fact, ...]
    duties: tuple[DutyRule, ...]
    drafters: tuple[str, ...]
    summary: str
    evidence: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform's accounts, and what it calls its gift unit."""

    code: str
    name: Text
    unit: str
    awaiting: str
    wallet: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole chart, parsed."""

    version: str
    accounts: dict[str, Account]
    platforms: dict[str, Platform]
    charities: dict[str, dict[str, str]]
    named: dict[str, str]
    types: dict[str, EntryType]
    opening_duties: tuple[DutyRule, ...]

    def account(self, code: str) -> Account:
        """Return an account; raise Invalid if the chart has none of that code."""
        if code not in self.accounts:
            raise Invalid(N_("会计科目表里没有科目 {code}。"), code=code[:40])
        return self.accounts[code]

    def type(self, code: str) -> EntryType:
        """Return an entry type; raise Invalid if the chart has none of that code."""
        if code not in self.types:
            raise Invalid(N_("没有凭证类型“{code}”。"), code=code[:40])
        return self.types[code]

    def platform(self, code: str) -> Platform:
        """Return a platform; raise Invalid for an unknown one."""
        if code not in self.platforms:
            raise Invalid(N_("没有平台“{code}”，请从列表里选择。"), code=code[:40])
        return self.platforms[code]


def packaged() -> dict[str, Any]:
    """Return the chart that comes with the program, as data for `chart.adopted`."""
    data: dict[str, Any] = json.loads(PACKAGED.read_text("utf-8"))
    return data


def current(session: Session, book_id: str) -> Chart:
    """Return the chart the book adopted last; raise NotFound if there is no such book."""
    query = select(t.Chart.definition).where(t.Chart.book_id == book_id).order_by(t.Chart.idx.desc()).limit(1)
    definition = session.connection().execute(query).scalar()
    if definition is None:
        raise NotFound(N_("没有账本“{book}”。"), book=book_id[:40])
    return parse(definition)


@lru_cache(maxsize=64)
def parse(definition: str) -> Chart:
    """Read a chart from its JSON; the same text gives the same value without reading it again."""
    data = json.loads(definition)
    return Chart(
        version=data["version"],
        accounts={
            item["code"]: Account(item["code"], Text(**item["name"]), item["type"])
            for item in data["accounts"]
        },
        platforms={
            code: Platform(code, Text(**item["name"]), item["unit"], item["awaiting"], item["wallet"])
            for code, item in data["platforms"].items()
        },
        charities=data["charities"],
        named=data["named"],
        types={CLOSE: _CLOSE, **{code: _entry_type(code, item) for code, item in data["types"].items()}},
        opening_duties=tuple(DutyRule(**duty) for duty in data["opening"]["duties"]),
    )


_CLOSE = EntryType(
    code=CLOSE,
    name=Text("月末结转", "Closing transfer"),
    group="close",
    broadcast="none",
    platform=False,
    charity=False,
    inputs=(),
    lines=(),
    facts=(),
    duties=(),
    drafters=(),
    summary="",
    evidence=False,
)


def _entry_type(code: str, item: dict[str, Any]) -> EntryType:
    return EntryType(
        code=code,
        name=Text(**item["name"]),
        group=item["group"],
        broadcast=item["broadcast"],
        platform=item["platform"],
        charity=item["charity"],
        inputs=tuple(
            Input(amount["name"], Text(**amount["label"]), amount.get("optional", False))
            for amount in item["amounts"]
        ),
        lines=tuple((dc, account, amount) for dc, account, amount in item["lines"]),
        facts=tuple(
            Fact(fact["name"], Text(**fact["label"]), fact["kind"], fact["private"], fact["required"])
            for fact in item["facts"]
        ),
        duties=tuple(DutyRule(**duty) for duty in item["duties"]),
        drafters=tuple(item["drafters"]),
        summary=item["summary"],
        evidence=item["evidence"],
    )
