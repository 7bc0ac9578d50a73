"""Adopting another chart of accounts: a record like any other, refused where it would lose what is booked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import postings
from ledger.book.chart import Chart
from ledger.book.duties import ROLES, Actor, require
from ledger.errors import Conflict, Invalid, SunbookError
from ledger.proof import canonical
from ledger.store import log
from ledger.store import tables as t
from ledger.store.record import Record
from ledger.words import N_

TYPES = ("asset", "liability", "fund", "income", "expense")
PLACES = ("none", "optional", "required")


def adopt(session: Session, actor: Actor, definition: dict[str, Any], *, at: datetime) -> Record:
    """Adopt a chart from now on; entries that were posted keep the accounts and types they have.

    Raises Invalid for a chart that contradicts itself, drops an account or an
    entry type with postings, changes an account's type, or lacks a name that the
    program relies on; Conflict for the chart that the book has already.
    """
    require(actor, "policy")
    before = charts.current(session, actor.book)
    after = read(definition)
    if _same(session, actor.book, definition):
        raise Conflict(N_("账本已经在用这一版科目表（{version}）。"), version=before.version)
    _check_kept(session, actor.book, before, after)
    _check_whole(after)
    return log.append(session, actor.book, "chart.adopted", {"chart": definition}, by=actor.person, at=at)


def newer(current: Chart) -> str:
    """Return the version of the packaged chart if it follows the book's own (`county-2026` → `county-2026.2`), else nothing."""
    version = str(charts.packaged()["version"])
    same_line = version.partition(".")[0] == current.version.partition(".")[0]
    return version if same_line and _step(version) > _step(current.version) else ""


def _step(version: str) -> int:
    step = version.partition(".")[2]
    return int(step) if step.isdecimal() else 1


def _same(session: Session, book_id: str, definition: dict[str, Any]) -> bool:
    query = select(t.Chart.definition).where(t.Chart.book_id == book_id).order_by(t.Chart.idx.desc()).limit(1)
    held = session.connection().execute(query).scalar_one()
    return canonical.encode(json.loads(held)) == canonical.encode(definition)


def read(definition: dict[str, Any]) -> Chart:
    """Return a chart from its data; raise Invalid if something in it is missing or of the wrong shape."""
    try:
        return charts.parse(json.dumps(definition, ensure_ascii=False, sort_keys=True))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(N_("科目表的格式不对：{detail}"), detail=str(error)[:80]) from error


def _check_whole(chart: Chart) -> None:
    """Raise Invalid where the chart names what it does not have."""
    codes = [
        *chart.named.values(),
        *(code for item in chart.platforms.values() for code in (item.awaiting, item.wallet)),
        *(code for own in chart.charities.values() for code in own.values()),
    ]
    for code in codes:
        chart.account(str(code))
    for item in chart.accounts.values():
        if item.type not in TYPES:
            raise Invalid(N_("科目 {code} 的类别“{type}”不对。"), code=item.code, type=item.type[:20])
    for kind in chart.types.values():
        _check_type(chart, kind)


def _check_type(chart: Chart, kind: charts.EntryType) -> None:
    platform, charity = next(iter(chart.platforms), ""), next(iter(chart.charities), "")
    sides = {dc for dc, _, _ in kind.lines}
    good = kind.broadcast in PLACES and set(kind.drafters) <= set(ROLES) and sides <= {"D", "C"}
    try:
        for _, place, _ in kind.lines:
            postings.account_of(chart, place, platform, charity)
    except (KeyError, AttributeError, SunbookError):
        good = False
    if not good:
        raise Invalid(N_("凭证类型“{type}”的定义不对：场次、制单角色或分录的科目有误。"), type=kind.name)


def _check_kept(session: Session, book_id: str, before: Chart, after: Chart) -> None:
    """Raise Invalid where something would be lost that the book uses."""
    for code in sorted(_used_accounts(session, book_id) - after.accounts.keys()):
        raise Invalid(N_("科目 {code} 已有发生额或余额，新科目表不能去掉它。"), code=code)
    for code, item in after.accounts.items():
        if code in before.accounts and before.accounts[code].type != item.type:
            raise Invalid(N_("科目 {code} 的类别不能改变；请另设新科目。"), code=code)
    used = set(session.scalars(select(t.Entry.type).where(t.Entry.book_id == book_id).distinct()))
    for kind in sorted(used - after.types.keys()):
        raise Invalid(N_("凭证类型“{type}”已有凭证，新科目表不能去掉它。"), type=before.type(kind).name)
    for name in sorted(before.named.keys() - after.named.keys()):
        raise Invalid(N_("新科目表缺少程序要用的科目“{name}”。"), name=name)
    lost = (before.platforms.keys() - after.platforms.keys()) | (
        before.charities.keys() - after.charities.keys()
    )
    for name in sorted(lost):
        raise Invalid(N_("新科目表缺少程序要用的科目“{name}”。"), name=name)


def _used_accounts(session: Session, book_id: str) -> set[str]:
    posted = session.scalars(select(t.Posting.account).where(t.Posting.book_id == book_id).distinct())
    lines = select(t.OpeningLine.account).where(
        t.OpeningLine.book_id == book_id, t.OpeningLine.part == "balance"
    )
    return {*posted, *session.scalars(lines)}
