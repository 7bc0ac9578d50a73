"""Pages before they are painted: marks at places, and a cursor that flows down the page.

Layout comes first and painting after, so that every page can print the number
of pages and the contents list can print where each section begins.
Coordinates are points from the lower left corner, as in PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reports import typeface

PORTRAIT = (595.28, 841.89)
LANDSCAPE = (841.89, 595.28)
LEFT, RIGHT, TOP, BOTTOM = 62.0, 50.0, 60.0, 52.0
"""Margins; the left one is wider because a county office binds on that side."""

Tone = Literal["ink", "soft", "faint", "rule", "head", "zebra", "accent", "red", "white"]
Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; (x, y) is the baseline's left end, right end or middle."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    tone: Tone = "ink"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.4
    tone: Tone = "rule"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled, outlined, or both; `dash` draws the outline broken."""

    x: float
    y: float
    wide: float
    high: float
    fill: Tone | None = None
    line: Tone | None = None
    weight: float = 0.4
    dash: bool = False


Mark = Label | Rule | Box


@dataclass(slots=True)
class Page:
    """One page's size, its marks in drawing order, and the headings that begin on it."""

    size: tuple[float, float]
    marks: list[Mark] = field(default_factory=list)
    outline: list[tuple[str, float]] = field(default_factory=list)


class Flow:
    """A cursor that places text down the page and opens a new page when there is no room."""

    def __init__(self, *, landscape: bool = False) -> None:
        self.pages: list[Page] = []
        self.y = 0.0
        self.new_page(landscape=landscape)

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def width(self) -> float:
        """Room between the margins."""
        return self.page.size[0] - LEFT - RIGHT

    @property
    def right(self) -> float:
        """The right margin's x."""
        return self.page.size[0] - RIGHT

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.y - BOTTOM

    @property
    def full_height(self) -> float:
        """Height of an empty page of this shape."""
        return self.page.size[1] - TOP - BOTTOM

    @property
    def fresh(self) -> bool:
        """Whether nothing has been placed on this page."""
        return not self.page.marks

    def new_page(self, *, landscape: bool | None = None) -> None:
        """Open a page, of the same shape unless told."""
        if landscape is None:
            landscape = self.page.size == LANDSCAPE
        self.pages.append(Page(LANDSCAPE if landscape else PORTRAIT))
        self.y = self.page.size[1] - TOP

    def turn(self, *, landscape: bool) -> None:
        """Continue on a page of this shape; nothing happens where the page already has it."""
        if (self.page.size == LANDSCAPE) != landscape:
            self.new_page(landscape=landscape)

    def need(self, height: float) -> None:
        """Open a new page unless this much room is left, or the page is empty anyway."""
        if self.room < height and not self.fresh:
            self.new_page()

    def add(self, *marks: Mark) -> None:
        """Place marks where they say."""
        self.page.marks.extend(marks)

    def space(self, height: float) -> None:
        """Move down."""
        self.y -= height

    def heading(self, title: str, *, keep: float = 90, level: int = 0) -> None:
        """Place a section heading that stays with the `keep` points below it."""
        size = 13.0 if level == 0 else 10.5
        if not self.fresh:
            self.need(size + 20 + keep)
        if not self.fresh:
            self.space(16 if level == 0 else 10)
        text = typeface.clean(title)
        if level == 0:
            self.page.outline.append((text, self.y))
        lines = typeface.wrap(text, self.width - 10, size, bold=True)
        for line in lines:
            self.y -= size
            if level == 0:
                self.add(Box(LEFT, self.y - 2.2, 3, size + 1, fill="accent"))
            indent = 9 if level == 0 else 0
            self.add(
                Label(LEFT + indent, self.y, line, size, bold=True, tone="accent" if level == 0 else "ink")
            )
            self.y -= size * 0.45
        self.space(3)

    def text(
        self,
        text: str,
        *,
        size: float = 9.5,
        bold: bool = False,
        tone: Tone = "ink",
        x: float = LEFT,
        wide: float = 0,
        lead: float = 1.55,
    ) -> None:
        """Place a paragraph, breaking lines and pages as needed."""
        for line in typeface.wrap(typeface.clean(text), wide or self.right - x, size, bold=bold):
            self.need(size * lead)
            self.y -= size * lead
            self.add(Label(x, self.y + size * (lead - 1) * 0.4, line, size, bold=bold, tone=tone))
