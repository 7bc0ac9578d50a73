"""The close in the report: who closed the month, its closing vouchers, and the position after them."""

from __future__ import annotations

import json

from ledger.book import checklist, closing
from ledger.book.month import MonthView
from ledger.months import parse_stamp
from ledger.sections_welfare import Close


def close(seen: MonthView) -> Close:
    """Return the close of a month; of an open one what it would be, without names and checklist."""
    done = seen.closed
    return Close(
        parse_stamp(done.at) if done else None,
        seen.names.get(done.drafter, "") if done else "",
        seen.names.get(done.confirmer, "") if done else "",
        closing.shown(seen),
        tuple((code, seen.chart.account(code).name, fen) for code, fen in closing.position(seen).items()),
        tuple(
            (checklist.NAMES.get(line["item"], line["item"]), line["state"], line["detail"])
            for line in json.loads(done.checklist)
        )
        if done
        else (),
    )
