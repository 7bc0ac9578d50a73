"""What a page for signing showed, read back from its form: each record with its digest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from ledger.book.signoff import Seen
from ledger.errors import Invalid
from ledger.words import N_

PICK = re.compile(r"([0-9]{1,9}):([0-9a-f]{64})", re.ASCII)
PICKS_MAX = 2000


def picked(given: MultiDict[str, str]) -> tuple[Seen, ...]:
    """Return the ticked records as the page showed them (`17:<digest>`), in log order, or raise Invalid."""
    found = []
    for value in given.getlist("pick")[: PICKS_MAX + 1]:
        match = PICK.fullmatch(value)
        if match is None:
            raise Invalid(N_("页面内容不完整，没有签认；请刷新页面重新勾选。"))
        found.append(Seen(int(match[1]), match[2]))
    return tuple(sorted(found, key=lambda item: item.idx))


def as_values(shown: Iterable[Seen]) -> list[str]:
    """Return records as a form carries them."""
    return [f"{item.idx}:{item.leaf}" for item in shown]
