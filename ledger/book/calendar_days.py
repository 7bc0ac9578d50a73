"""Reading the days of a year's calendar: what a person pastes or uploads, each bad day told with its line.

Two forms are read. Text or CSV, one day or one span of days in a line:
`2027-02-05,休`, `2027-02-05~2027-02-11,休`, `2027-01-31,班`. JSON, as this
program packages it (`{"off": […], "work": […]}`) or as the public lists write it
(`{"days": [{"date": …, "isOffDay": true}]}`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledger.errors import Invalid, Problem
from ledger.intake.text import decode
from ledger.words import N_

OFF_WORDS = frozenset({"休", "放假", "假", "off"})
WORK_WORDS = frozenset({"班", "上班", "调休上班", "work"})
SPAN = re.compile(
    r"(?P<first>20\d\d-\d\d-\d\d)(?:\s*(?:~|～|—|至|到)\s*(?P<last>20\d\d-\d\d-\d\d))?", re.ASCII
)
LINES_MAX = 400
TEXT_MAX = 64 * 1024
SATURDAY = 5
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Holidays of every year and the whole country by their date (全国年节及纪念日放假办法, art. 2)."""

TOO_LONG = N_("工作日历太长，最多 64 KB；一年只需几十行。")
BAD_DAYS = N_("工作日历有 {count} 处不对，没有载入。")


@dataclass(frozen=True, slots=True)
class Days:
    """The exceptions of a year: `off` free days, `work` worked days, each sorted, no day in both."""

    off: tuple[date, ...]
    work: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line as given: its number from 1, the days' text and whether they are free (None: not understood)."""

    number: int
    text: str
    free: bool | None


def read_file(data: bytes, year: int, region: str) -> Days:
    """Read an uploaded file; raise Invalid with every bad line."""
    if len(data) > TEXT_MAX:
        raise Invalid(TOO_LONG)
    return read(data.decode(decode(data)).removeprefix("\ufeff"), year, region)


def read(text: str, year: int, region: str) -> Days:
    """Read the days of a year and region; raise Invalid with every bad line.

    Of the whole country's holidays those on a weekend are left out: they are free anyway. A
    region's list is kept whole, because it stands above the country's.
    """
    if len(text) > TEXT_MAX:
        raise Invalid(TOO_LONG)
    lines = list(_json_lines(text) if text.lstrip().startswith("{") else _text_lines(text))
    if len(lines) > LINES_MAX:
        raise Invalid(N_("工作日历最多 {most} 行。"), most=LINES_MAX)
    found: dict[date, bool] = {}
    problems: list[Problem] = []
    for line in lines:
        try:
            for day in _days(line, year):
                _take(found, day, line, region)
        except _Bad as bad:
            problems.append(bad.problem)
    if not problems and not region:
        problems += _lacking(found, year)
    if not problems and not found:
        problems.append(Problem(N_("没有写放假或调休上班的日子。")))
    if problems:
        raise Invalid(BAD_DAYS, problems=tuple(problems), count=len(problems))
    off = (day for day, free in found.items() if free and (region or day.weekday() < SATURDAY))
    return Days(tuple(sorted(off)), tuple(sorted(day for day, free in found.items() if not free)))


class _Bad(Exception):
    """A line that cannot be taken."""

    def __init__(self, line: _Line, message: str, **values: str) -> None:
        self.problem = Problem(message, line.number, "", dict(values))
        super().__init__(message)


def _text_lines(text: str) -> Iterator[_Line]:
    """Yield the lines of a text or CSV; empty ones, remarks after `#` and a header are passed over."""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip().strip(",，\t ")
        if not line or (number == 1 and line.startswith("日期")):
            continue
        parts = re.split(r"[,，\t ]+", line)
        kind = parts[-1].lower()
        free = True if kind in OFF_WORDS else False if kind in WORK_WORDS else None
        yield _Line(number, " ".join(parts[:-1]) if free is not None else line, free)


def _json_lines(text: str) -> Iterator[_Line]:
    """Yield the days of a JSON object; the number is the line on which the day stands."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        bad = Problem(N_("这里不是合法的 JSON"), line)
        raise Invalid(BAD_DAYS, problems=(bad,), count=1) from error
    given: list[tuple[Any, bool]] = [
        (day, name == "off") for name in ("off", "work") for day in _listed(found.get(name, []))
    ]
    for item in _listed(found.get("days", [])):
        if isinstance(item, dict):
            given.append((item.get("date"), item.get("isOffDay") is True))
        else:
            given.append((item, True))
    rows = text.splitlines()
    for day, free in given:
        shown = day if isinstance(day, str) else json.dumps(day, ensure_ascii=False)
        number = next((n for n, row in enumerate(rows, start=1) if f'"{shown}"' in row), 1)
        yield _Line(number, shown, free)


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - what JSON gave
    return value if isinstance(value, list) else [value]


def _days(line: _Line, year: int) -> Iterator[date]:
    """Yield the days of a line, all of the year."""
    shown = line.text[:40]
    if line.free is None:
        raise _Bad(line, N_("“{text}”看不懂：请写成“2027-02-05,休”或“2027-01-31,班”的样子"), text=shown)
    span = SPAN.fullmatch(line.text.strip())
    try:
        first = date.fromisoformat(span["first"]) if span else None
        last = date.fromisoformat(span["last"]) if span and span["last"] else first
    except ValueError:
        first = last = None
    if first is None or last is None:
        raise _Bad(line, N_("“{text}”不是日期：请写成 2027-02-05 的样子"), text=shown)
    if first.year != year or last.year != year:
        raise _Bad(line, N_("“{text}”不在 {year} 年"), text=shown, year=str(year))
    if last < first:
        raise _Bad(line, N_("“{text}”的结束日期早于开始日期"), text=shown)
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def _take(found: dict[date, bool], day: date, line: _Line, region: str) -> None:
    """Add a day; refuse one that stands there already, and a worked day that is worked anyway."""
    if day in found:
        raise _Bad(line, N_("{day} 写了两次"), day=day.isoformat())
    if not line.free and not region and day.weekday() < SATURDAY:
        raise _Bad(line, N_("{day} 不是周末，本来就上班，不是调休上班日"), day=day.isoformat())
    found[day] = bool(line.free)


def _lacking(found: dict[date, bool], year: int) -> Iterator[Problem]:
    """Yield the fixed holidays that the list does not free: then it is not the whole notice."""
    for month, number in FIXED:
        day = date(year, month, number)
        if not found.get(day, day.weekday() >= SATURDAY):
            yield Problem(
                N_("{day} 是全国法定节假日，却没有放假；请核对是否漏填"), values={"day": day.isoformat()}
            )
