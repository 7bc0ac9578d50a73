"""What the platforms' fund flows say about our income: gifts settled for a day, commission settled for an order.

These files come from the platform, not from the office, so they are the other
side of every declaration. Only rows that speak of gifts or of commission count;
goods, withdrawals and freezing are other money.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import rows
from ledger.intake import SourceRow
from ledger.months import CHINA
from ledger.store import tables_activity as a

FLOWS = ("shop_fund_flow", "wallet_flow")
GIFTS = ("礼物", "打赏", "音浪", "黄钻")
COMMISSION = ("佣金",)
FEE = ("技术服务费",)
ORDER_COLUMNS = ("订单号", "关联订单号", "关联业务单号")
NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})(?!\d)", re.ASCII)
KEPT = 64


@dataclass(frozen=True, slots=True)
class Told:
    """One row: gift income (`order` empty) or what an order's commission moved; fen, into our account positive.

    `names` is the day of the broadcast that the row's text names, None where it names none.
    """

    file: int
    key: str
    platform: str
    day: date
    fen: int
    order: str
    names: date | None


_read: OrderedDict[str, tuple[Told, ...]] = OrderedDict()
"""What files said, by the root of their salted rows: the same root is the same rows in the same file."""


def told(session: Session, book_id: str) -> list[Told]:
    """Return what all flow files say, each movement once though files overlap, in the order of the files."""
    f = a.SourceFile
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book_id)
    query = select(f.idx, f.root, f.reader, f.version, f.header, f.rows, f.platform).where(
        f.book_id == book_id, f.kind.in_(FLOWS), f.idx.not_in(gone)
    )
    found: dict[tuple[str, str], Told] = {}
    for file in session.connection().execute(query.order_by(f.idx)):
        said = _read.get(file.root)
        if said is None:
            said = _read[file.root] = _file(session, book_id, file)
            while len(_read) > KEPT:
                _read.popitem(last=False)
        for one in said:
            found.setdefault((one.platform, one.key), one)
    return list(found.values())


def _file(session: Session, book_id: str, file: Any) -> tuple[Told, ...]:  # noqa: ANN401 - a row
    """Read a stored file again, with the reader and the version that took it in."""
    header = json.loads(file.header)
    cells = rows.cells_of(session, book_id, file.idx, [(0, file.rows - 1)], limit=file.rows)
    numbered = [(n, tuple(row)) for n, row in cells]
    place = next((header.index(name) for name in ORDER_COLUMNS if name in header), None)
    read = intake.reread(file.reader, file.version, tuple(header), numbered)
    return tuple(one for row in read if (one := _told(file.idx, file.platform, row, place)))


def _told(file: int, platform: str, row: SourceRow, place: int | None) -> Told | None:
    """Return what a row says of our income, None where it is other money."""
    words = f"{row.title} {row.note}"
    gift = row.kind == "flow_in" and any(word in words for word in GIFTS)
    order = row.cells[place].strip().strip("'`\t ") if place is not None else ""
    sales = bool(order) and any(word in row.title for word in (*COMMISSION, *FEE))
    if row.kind not in ("flow_in", "flow_out") or not (gift or sales):
        return None
    named = NAMED_DAY.search(words)
    return Told(
        file,
        row.key,
        platform or row.platform,
        row.at.astimezone(CHINA).date(),
        row.amount_fen if row.kind == "flow_in" else -row.amount_fen,
        "" if gift else order,
        _day(named) if gift and named else None,
    )


def _day(named: re.Match[str]) -> date | None:
    try:
        return date(int(named[1]), int(named[2]), int(named[3]))
    except ValueError:
        return None
