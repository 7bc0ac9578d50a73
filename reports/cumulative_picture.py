"""The picture of the cumulative page: what came in, flowing through one account, to where it went.

Drawn in outlines, figures and bars of one dark tone, so that it reads the same on
a black-and-white printer. A bar's length is the amount's share of all that came in.
"""

from __future__ import annotations

from ledger.money import yuan
from ledger.sections_welfare import Cumulative, CumulativeLine
from ledger.words import N_
from reports import typeface
from reports.pdf_page import LEFT, Box, Flow, Label, Rule
from reports.tables_cumulative import folded, lines_of, rest, sum_of_group
from reports.wording import Wording

HIGH, GAP = 27.0, 6.0
SIDE, MIDDLE = 172.0, 96.0
"""Widths of a box at the side and of the one in the middle."""
MOST = 6
"""Boxes on one side; smaller amounts are folded into the last."""


def sides(found: Cumulative, words: Wording) -> tuple[tuple[CumulativeLine, ...], tuple[CumulativeLine, ...]]:
    """Return what came in and where it went; both sides have the same sum, for what is left is one of them."""
    came = tuple(line for group in ("opening", "income") for line in lines_of(found, group) if line.fen)
    went = tuple(line for line in lines_of(found, "spending") if line.fen)
    off = words(N_("扣减（分成、服务费、手续费、税）"))
    return (
        folded(came, MOST, words),
        (
            CumulativeLine("deduction", off, sum_of_group(found, "deduction")),
            *folded(went, MOST - 2, words),
            CumulativeLine("place", words(N_("结余")), rest(found)),
        ),
    )


def height(found: Cumulative, words: Wording) -> float:
    """Return the height that the picture needs."""
    return max(map(len, sides(found, words))) * (HIGH + GAP) + 4


def draw(flow: Flow, found: Cumulative, words: Wording) -> None:
    """Draw the picture at the cursor."""
    came, went = sides(found, words)
    whole = sum(stop.fen for stop in came)
    high = height(found, words)
    top, middle = flow.y, flow.y - high / 2
    left, right = LEFT + SIDE, flow.right - SIDE
    centre = (left + right) / 2
    tall = min(high - 10, 84.0)
    flow.add(
        Box(centre - MIDDLE / 2, middle - tall / 2, MIDDLE, tall, fill="head", line="accent", weight=1.0)
    )
    _centre(flow, centre, middle, words, whole)
    for stops, x, near, edge in (
        (came, LEFT, left, centre - MIDDLE / 2),
        (went, right, right, centre + MIDDLE / 2),
    ):
        offset = (high - len(stops) * (HIGH + GAP) + GAP) / 2
        bus = (near + edge) / 2
        mids = []
        for place, stop in enumerate(stops):
            y = top - offset - place * (HIGH + GAP)
            _box(flow, stop, (x, y), whole, words)
            mids.append(y - HIGH / 2)
            flow.add(Rule(near, mids[-1], bus, mids[-1], 0.8, "accent"))
            if stops is went:
                flow.add(Label(near - 1, mids[-1] - 2.5, "▶", 7, tone="accent", align="right"))
        flow.add(Rule(bus, max([*mids, middle]), bus, min([*mids, middle]), 0.8, "accent"))
        flow.add(Rule(bus, middle, edge, middle, 0.8, "accent"))
    flow.add(Label(centre - MIDDLE / 2 - 1, middle - 2.5, "▶", 7, tone="accent", align="right"))
    flow.y = top - high


def _centre(flow: Flow, x: float, y: float, words: Wording, whole: int) -> None:
    lines = typeface.wrap(typeface.clean(words(N_("资金来源合计"))), MIDDLE - 8, 8.5)
    at = y + len(lines) * 5.5
    for line in lines:
        flow.add(Label(x, at, line, 8.5, align="centre"))
        at -= 11
    flow.add(Label(x, at - 2, yuan(whole), 10, bold=True, align="centre"))


def _box(flow: Flow, stop: CumulativeLine, at: tuple[float, float], whole: int, words: Wording) -> None:
    """Draw one box: its label, its amount, and a bar as long as its share."""
    x, top = at
    share = min(max(stop.fen / whole, 0.0), 1.0) if whole > 0 else 0.0  # not money: a length on paper
    flow.add(Box(x, top - HIGH, SIDE, HIGH, line="accent", weight=0.7))
    if share:
        flow.add(Box(x, top - HIGH, SIDE * share, 4.5, fill="accent"))
    amount = yuan(stop.fen)
    room = SIDE - 12 - typeface.width(amount, 9, bold=True) - 6
    flow.add(
        Label(
            x + SIDE - 6, top - 14, amount, 9, bold=True, tone="red" if stop.fen < 0 else "ink", align="right"
        )
    )
    label = typeface.clean(words(stop.label))
    size = 8.0
    lines = typeface.wrap(label, room, size)
    if len(lines) > 1:
        size = 6.8
        lines = typeface.wrap(label, room, size)
    for place, line in enumerate(lines[:2]):
        flow.add(Label(x + 6, top - (14 if len(lines) == 1 else 9.5 + place * 8.2), line, size))
