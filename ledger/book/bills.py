"""Bills of a streamer's own wallet or card: only the ticked rows are kept, and no original (domain A6, PIPL).

A bill shows somebody's private life. The record states the file's digest, the
number of rows and the root over all of them; of an unticked row only the salted
leaf stays, and the salt is thrown away, so that nobody can guess it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import chart as charts
from ledger.book import imports, rows
from ledger.book.duties import Actor, require
from ledger.book.statement_lines import StatementLine, file_of, of_file
from ledger.errors import Conflict, Invalid, NotFound
from ledger.intake import Settlement, SourceRow
from ledger.months import CHINA, Month, stamp
from ledger.proof import merkle
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store import tables_check as c
from ledger.store.append_only import table_of
from ledger.store.record import Record
from ledger.words import N_

ROWS_MAX = 2000
"""Rows that a page can list with a box for each."""
IN_WORDS = ("抖音", "快手", "视频号", "提现", "收益", "打赏", "直播")
OUT_WORDS = ("公益", "监管", "专户", "上缴", "慈善", "红十字")
"""What platforms write when they pay out, and what streamers write when they hand over."""
NAME = N_("个人账单")
"""The name of the file in the record: its own often holds the owner's name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of a bill as its page lists it. `row` counts from 0; `fen` is 0 for neither in nor out.

    `why` says why it is proposed, empty where it is not; `word` stands in that sentence.
    """

    row: int
    at: datetime
    fen: int
    party: str
    text: str
    why: str
    word: str


def check_size(settlement: Settlement) -> None:
    """Raise Invalid for a bill that is too long to be ticked on one page."""
    if len(settlement.rows) > ROWS_MAX:
        raise Invalid(
            N_("这份账单有 {count} 行，一次最多 {most} 行：请按更短的期间导出。"),
            count=len(settlement.rows),
            most=ROWS_MAX,
        )


def candidates(session: Session, book: str, settlement: Settlement) -> list[Candidate]:
    """Return every row of a bill in the file's order, with a reason for those that are likely the fund's."""
    check_size(settlement)
    first, last = (Month.of(moment) for moment in (settlement.first_at, settlement.last_at))
    taken, handed = _amounts(session, book, first.plus(-1), last.plus(1))
    return [_candidate(n, row, taken, handed) for n, row in enumerate(settlement.rows)]


def _candidate(n: int, row: SourceRow, taken: set[int], handed: set[int]) -> Candidate:
    sign = -1 if row.kind.endswith("_out") else 1 if row.kind.endswith("_in") else 0
    text = " ".join(dict.fromkeys(filter(None, (row.title, row.note))))
    why, word = "", ""
    if sign and row.amount_fen in (taken if sign > 0 else handed):
        why = N_("与账上的提现金额相同") if sign > 0 else N_("与账上的上缴金额相同")
    elif sign:
        words = IN_WORDS if sign > 0 else OUT_WORDS
        word = next((one for one in words if one in f"{row.party} {text}"), "")
        why = N_("写有“{word}”") if word else ""
    return Candidate(n, row.at.astimezone(CHINA), sign * row.amount_fen, row.party, text, why, word)


def _amounts(session: Session, book: str, first: Month, last: Month) -> tuple[set[int], set[int]]:
    """Return what came into the streamer's hands by the books, and what was handed over, each sum on its own."""
    account = charts.current(session, book).named["in_hands"]
    query = (
        select(t.Posting.dc, t.Posting.fen)
        .where(t.Posting.book_id == book, t.Posting.account == account)
        .where(t.Posting.period >= str(first), t.Posting.period <= str(last), t.Posting.fen > 0)
    )
    found: dict[str, set[int]] = {"D": set(), "C": set()}
    for dc, fen in session.connection().execute(query):
        found[dc].add(fen)
    return found["D"], found["C"]


def receive(
    session: Session,
    actor: Actor,
    data: bytes,
    settlement: Settlement,
    ticked: Collection[int],
    *,
    at: datetime,
) -> Record:
    """Record a bill of which only the ticked rows (numbers from 0) are kept.

    Totals and days of the record are those of the ticked rows. Raises Invalid if nothing is ticked or a
    number is none of its rows, Conflict if the same bytes were received before.
    """
    require(actor, "statement")
    check_size(settlement)
    count = len(settlement.rows)
    if not ticked:
        raise Invalid(N_("请至少勾选一行；没有与直播有关的行，就不必登记这份账单。"))
    if not set(ticked) <= set(range(count)):
        raise Invalid(N_("勾选的行不在这份账单里，请重新勾选。"))
    digest = hashlib.sha256(data).hexdigest()
    if imports.receipt_of(session, actor.book, digest) is not None:
        raise Conflict(N_("这份账单以前已经登记过。要补充勾选，请先作废原来的登记，再重新上传。"))
    salted = rows.salted(row.cells for row in settlement.rows)
    kept = [row for n, row in enumerate(settlement.rows) if n in ticked]
    moments = [stamp(row.at) for row in kept]
    body = {
        **imports.described(settlement),
        "digest": digest,
        "name": NAME,
        "size": len(data),
        "kind": imports.PERSONAL,
        "root": merkle.root_of(leaf for _, _, leaf in salted).hex(),
        "controls": list(_controls(kept)),
        "first_at": min(moments),
        "last_at": max(moments),
    }
    record = log.append(session, actor.book, "file.received", body, by=actor.person, at=at)
    _store(session, actor.book, record.index, settlement, sorted(ticked), salted)
    imports.declare(session, actor, record, at=at)
    return record


def _controls(kept: list[SourceRow]) -> Iterator[dict[str, str | int]]:
    """Yield count and sum of the ticked rows; those of the others are nobody's business."""
    for suffix, name in (("_in", N_("勾选的收入")), ("_out", N_("勾选的支出"))):
        amounts = [row.amount_fen for row in kept if row.kind.endswith(suffix)]
        yield {"name": name, "stated": len(amounts), "computed": len(amounts), "unit": "rows"}
        yield {"name": name, "stated": sum(amounts), "computed": sum(amounts), "unit": "fen"}


def _store(
    session: Session,
    book: str,
    file: int,
    settlement: Settlement,
    ticked: list[int],
    salted: list[tuple[bytes, str, bytes]],
) -> None:
    """Keep the ticked rows, and of the others the leaf; keys are those that verification derives from what is kept."""
    kept = [(n + 1, settlement.rows[n].cells) for n in ticked]
    keys = intake.derive(
        settlement.reader, settlement.version, settlement.header, kept, partial=len(ticked) < len(salted)
    )
    place = {"book_id": book, "file_idx": file}
    stored = [
        {**place, "n": n, "key": key, "salt": salted[n][0], "cells": salted[n][1]}
        for n, key in zip(ticked, keys, strict=True)
    ]
    session.connection().execute(insert(table_of(t.SourceRow)), stored)
    leaves = [{**place, "n": n, "leaf": salted[n][2]} for n in sorted(set(range(len(salted))) - set(ticked))]
    if leaves:
        session.connection().execute(insert(table_of(c.SourceLeaf)), leaves)


def received(session: Session, book: str, first: date, last: date) -> list[imports.Received]:
    """Return the bills whose ticked rows touch a span of days, newest first; discarded ones too."""
    row = a.SourceFile
    query = (
        select(row.idx)
        .where(row.book_id == book, row.kind == imports.PERSONAL)
        .where(row.first_at < f"{last}T24", row.last_at >= f"{first}")
        .order_by(row.idx.desc())
    )
    return [imports.get(session, book, idx) for idx in session.scalars(query)]


def lines(session: Session, book: str, file: int) -> list[StatementLine]:
    """Return the kept rows of a bill, oldest first, without the owner's balance; NotFound if the file is none."""
    found = file_of(session, book, file)
    if found.kind != imports.PERSONAL:
        raise NotFound(N_("没有这份个人账单。"))
    return [
        replace(line, balance_fen=None, fen=0 if line.kind.endswith("_memo") else line.fen)
        for line in (one.line for one in of_file(session, found, 0))
    ]
