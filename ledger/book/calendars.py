"""The working calendar (工作日历): which days are worked, as records of the book and never as a guess.

Weekdays are worked and weekends free, except what the State Council's yearly
notice changes (放假调休) and what a region adds (for example 古尔邦节). A year that
is not loaded cannot be counted: `NotLoaded` says so, because a guess from weekdays
would be wrong by a week around the Spring Festival and silently so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.calendar_days import SATURDAY, Days
from ledger.book.duties import Actor, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store import log
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_

PACKAGED = Path(__file__).resolve().parent / "calendar_years"
YEARS = (2020, 2099)
NAME_MAX = 120
COUNTRY = ""
"""The region of a notice for the whole country."""


class NotLoaded(Invalid):
    """A year's working calendar is not loaded, so its working days cannot be counted."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            N_(
                "{year} 年的工作日历还没有载入，不能计算工作日；请安全管理员在“工作日历”里载入国务院办公厅的通知。"
            ),
            year=year,
        )


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one region as loaded; `idx` is its record, -1 for one that only comes with the program."""

    year: int
    region: str
    days: Days
    source: str
    idx: int = -1


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of the loaded years; `off` and `work` are the exceptions to the week."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Say whether a day is worked; raise NotLoaded for a year that is not loaded."""
        if day.year not in self.years:
            raise NotLoaded(day.year)
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def working_days(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and including `last`; 0 where `last` is not later.

        Raises NotLoaded if a day of them lies in a year that is not loaded.
        """
        return sum(self.is_worked(first + timedelta(n)) for n in range(1, (last - first).days + 1))

    def after(self, day: date, days: int) -> date:
        """Return the working day that many working days after `day`; raise NotLoaded as above."""
        while days > 0:
            day += timedelta(1)
            days -= self.is_worked(day)
        return day

    def days_or_none(self, first: date, last: date) -> int | None:
        """Count like `working_days`; None where a year is not loaded."""
        try:
            return self.working_days(first, last)
        except NotLoaded:
            return None

    def after_or_none(self, day: date, days: int) -> date | None:
        """Return the same as `after`; None where a year is not loaded."""
        try:
            return self.after(day, days)
        except NotLoaded:
            return None


def load(session: Session, book: str) -> Calendar:
    """Return the book's calendar. A region's days stand above the country's, of regions the newest.

    A year counts as loaded once the whole country's notice is; a region alone does not make it.
    """
    loaded = years(session, book)
    off: set[date] = set()
    work: set[date] = set()
    for one in sorted(loaded, key=lambda one: (one.region != COUNTRY, one.idx)):
        off = (off - set(one.days.work)) | set(one.days.off)
        work = (work - set(one.days.off)) | set(one.days.work)
    national = frozenset(one.year for one in loaded if one.region == COUNTRY)
    return Calendar(national, frozenset(off), frozenset(work))


def years(session: Session, book: str) -> tuple[Year, ...]:
    """Return the newest record of each year and region, by year, the whole country first."""
    newest: dict[tuple[int, str], Year] = {}
    query = select(c.CalendarYear).where(c.CalendarYear.book_id == book).order_by(c.CalendarYear.idx)
    for row in session.scalars(query):
        days = Days(_dates(json.loads(row.off)), _dates(json.loads(row.work)))
        newest[row.year, row.region] = Year(row.year, row.region, days, row.source, row.idx)
    return tuple(newest[key] for key in sorted(newest))


def adopt(
    session: Session, actor: Actor, *, year: int, region: str, days: Days, source: str, at: datetime
) -> Record:
    """Record a year's calendar for the whole country or a region; the newest of a year and region holds.

    `source` names the notice. Raises Invalid for a year out of range, days of another year
    or a missing source, Conflict if exactly this is loaded already.
    """
    require(actor, "calendar")
    region, source = region.strip(), source.strip()
    if not YEARS[0] <= year <= YEARS[1]:
        raise Invalid(N_("年份请写成 {first} 到 {last} 之间的四位数字。"), first=YEARS[0], last=YEARS[1])
    if not source or len(source) > NAME_MAX:
        raise Invalid(N_("请写明依据：通知的名称和文号，最多 {most} 个字。"), most=NAME_MAX)
    if len(region) > NAME_MAX:
        raise Invalid(N_("地区名称最多 {most} 个字。"), most=NAME_MAX)
    if not (days.off or days.work) or any(day.year != year for day in (*days.off, *days.work)):
        raise Invalid(N_("工作日历里没有日子，或有别的年份的日子。"))
    if any(
        (y.year, y.region, y.days, y.source) == (year, region, days, source)
        for y in years(session, actor.book)
    ):
        raise Conflict(N_("{year} 年的这份工作日历已经载入，内容相同。"), year=year)
    body = {
        "year": year,
        "region": region,
        "off": [day.isoformat() for day in days.off],
        "work": [day.isoformat() for day in days.work],
        "source": source,
    }
    return log.append(session, actor.book, "calendar.loaded", body, by=actor.person, at=at)


def adopt_packaged(session: Session, actor: Actor, year: int, *, at: datetime) -> Record:
    """Record a year that comes with the program; raise NotFound if it does not come with it."""
    one = packaged().get(year)
    if one is None:
        raise NotFound(N_("程序没有自带 {year} 年的工作日历，请上传或粘贴。"), year=year)
    return adopt(session, actor, year=year, region=one.region, days=one.days, source=one.source, at=at)


@cache
def packaged() -> dict[int, Year]:
    """Return the years that come with the program, as the State Council's notices say."""
    found = {}
    for file in sorted(PACKAGED.glob("*.json")):
        data = json.loads(file.read_text("utf-8"))
        days = Days(_dates(data["off"]), _dates(data["work"]))
        found[data["year"]] = Year(data["year"], data["region"], days, data["source"])
    return found


def _dates(texts: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)
