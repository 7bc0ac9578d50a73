"""Undoing a wrong entry: red letters and, where something replaces it, the right entry, in one draft.

会计法 2024 art. 9–17 and 会计基础工作规范: amounts are never overwritten; the
reversal repeats accounts and sides with negative amounts ("注销某月某日某号凭证"),
the right entry follows ("订正某月某日某号凭证").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import broadcasts, compose, drafts, entries, journal, postings
from ledger.book import chart as charts
from ledger.book.compose import NewEntry
from ledger.book.duties import Actor, require
from ledger.errors import Conflict, Invalid
from ledger.months import Month
from ledger.store import log
from ledger.words import N_


def prepare(
    session: Session,
    actor: Actor,
    idx: int,
    *,
    right: NewEntry | None,
    reason: str,
    day: date,
    at: datetime,
) -> drafts.Draft:
    """Draft the reversal of entry `idx` dated `day` and, with `right`, the entry that replaces it.

    One button each on the page: "wrong amount" and "wrong broadcast" give a
    `right`, "should not exist" gives none. A reason is required.
    """
    require(actor, "draft")
    original = entries.get(session, actor.book, idx)
    kind = charts.current(session, actor.book).type(original.type)
    compose.check_drafter(actor, kind, original.charity or "")
    if original.broadcast:
        broadcasts.refuse_host(session, actor, original.broadcast)
    if original.type == charts.REVERSAL:
        raise Conflict(N_("红字凭证不能再冲销；请另做正确的凭证。"))
    if not reason.strip():
        raise Invalid(N_("请写明更正原因。"))
    if day.isoformat() < original.date:
        raise Invalid(N_("更正日期不能早于原凭证日期。"))
    compose.check_date(session, actor.book, day, at)
    journal.refuse_second_reversal(session, actor.book, idx)
    made = [reversal(session, actor.book, original, reason=reason, day=day)]
    if right is not None:
        when = date.fromisoformat(original.date)
        summary = f"订正{when.year}年{when.month}月{when.day}日{original.number}号凭证 {right.summary or original.summary}"
        made.append(
            compose.compose(
                session, actor, replace(right, date=day, corrects=idx, reason=reason, summary=summary), at=at
            )
        )
    return drafts.prepare(session, actor, kind="correction", payload={"entries": made}, at=at)


def reversal(
    session: Session, book_id: str, original: entries.Entry, *, reason: str, day: date
) -> dict[str, Any]:
    """Return the red-letter entry that cancels `original`; the same parties sign it."""
    body = log.get(session, book_id, original.idx).body
    when = date.fromisoformat(original.date)
    red = postings.reversed_lines(tuple(postings.Line(**line) for line in body["lines"]))
    entry: dict[str, Any] = {
        "period": str(Month.of(day)),
        "date": day.isoformat(),
        "type": charts.REVERSAL,
        "summary": f"注销{when.year}年{when.month}月{when.day}日{original.number}号凭证（红字）",
        "amount_fen": -original.amount_fen,
        "lines": [{"account": line.account, "dc": line.dc, "fen": line.fen} for line in red],
        "attachments": [],
        "facts": {},
        "duties": body["duties"],
        "reverses": original.idx,
        "reason": reason.strip(),
    }
    entry.update({name: body[name] for name in ("broadcast", "account", "charity") if name in body})
    if "memo" in body:
        entry["memo"] = [
            {**item, **{name: -item[name] for name in ("orders", "gmv_fen", "amount_fen", "fee_fen")}}
            for item in body["memo"]
        ]
    return entry


def as_new(session: Session, book_id: str, idx: int) -> NewEntry:
    """Return an entry as the form for its correction starts out: everything as it was, amounts by input."""
    original = entries.get(session, book_id, idx)
    chart = charts.current(session, book_id)
    body = log.get(session, book_id, idx).body
    platform = next(
        (
            p.code
            for p in chart.platforms.values()
            for li in body["lines"]
            if li["account"] in (p.awaiting, p.wallet)
        ),
        "",
    )
    return NewEntry(
        type=original.type,
        date=date.fromisoformat(original.date),
        amounts=amounts_of(
            chart, original.type, body["lines"], platform=platform, charity=original.charity or ""
        ),
        summary=original.summary,
        broadcast=original.broadcast or "",
        account=original.account or "",
        platform=platform,
        charity=original.charity or "",
        facts={name: value for name, value in original.facts.items() if value is not None},
        attachments=tuple(body["attachments"]),
        memo=tuple(body.get("memo", ())),
    )


def amounts_of(
    chart: charts.Chart, code: str, lines: list[dict[str, Any]], *, platform: str, charity: str
) -> dict[str, int]:
    """Read the inputs back from an entry's lines, where a template line is one input by itself."""
    kind = chart.type(code)
    found: dict[str, int] = {}
    left = [dict(line) for line in lines]
    for dc, place, formula in kind.lines:
        name, sign = formula.lstrip("-"), -1 if formula.startswith("-") else 1
        if not name.isidentifier():
            continue
        account = postings.account_of(chart, place, platform, charity)
        match = next((line for line in left if (line["account"], line["dc"]) == (account, dc)), None)
        if match is not None and name not in found:
            found[name] = sign * match["fen"]
            left.remove(match)
    return found
