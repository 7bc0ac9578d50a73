"""The working calendar (工作日历): the loaded years as twelve small months, and the loading of others."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import calendar_days, calendars, disclosures, handover
from ledger.book.calendars import Calendar
from ledger.errors import SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext
from ledger.words import N_

blueprint = Blueprint("calendar", __name__, url_prefix="/<book>/calendar")

YEAR, REGION, SOURCE = N_("年份"), N_("地区"), N_("依据（通知名称和文号）")
OFF = N_("您的角色不能载入工作日历；由安全管理员办理。")
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a small month. `kind`: work, free (a weekend), off (a free weekday) or worked (a worked weekend)."""

    day: date
    kind: str
    today: bool


@blueprint.get("/")
@needs("view", "calendar")
def index(book: str) -> Response:
    """Show a year."""
    return _page(book)


@blueprint.post("/packaged")
@needs("calendar")
def packaged(book: str) -> AnyResponse:
    """Load a year that comes with the program."""
    year = forms.whole_or_none(request.form, "year", YEAR) or 0
    with store().transaction(book) as session:
        calendars.adopt_packaged(session, current_actor(session, book), year, at=now())
    return _done(book, year)


@blueprint.post("/")
@needs("calendar")
def load(book: str) -> Response | AnyResponse:
    """Load a year from the text that was typed, or from a file."""
    form = request.form
    try:
        year = forms.whole_or_none(form, "year", YEAR) or 0
        if not calendars.YEARS[0] <= year <= calendars.YEARS[1]:
            raise forms.BadField(
                N_("年份请写成 {first} 到 {last} 之间的四位数字。"),
                first=calendars.YEARS[0],
                last=calendars.YEARS[1],
            )
        region = forms.text(form, "region", REGION, required=False)
        source = forms.text(form, "source", SOURCE)
        days = _days(form, year, region)
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            calendars.adopt(session, actor, year=year, region=region, days=days, source=source, at=now())
    except forms.REFUSED as error:
        return _page(book, error)
    return _done(book, year)


def _days(form: forms.Given, year: int, region: str) -> calendar_days.Days:
    """Read the days from the file, or from the text where no file was chosen; both is refused."""
    file = request.files.get("file")
    typed = form.get("days", "").strip()
    if file is not None and file.filename:
        if typed:
            raise forms.BadField(N_("请只用一种方式：或者上传文件，或者粘贴日子。"))
        return calendar_days.read_file(file.read(), year, region)
    if not typed:
        raise forms.BadField(N_("请粘贴日子，或上传文件。"))
    return calendar_days.read(typed, year, region)


@blueprint.post("/terms")
@needs("policy")
def terms(book: str) -> Response | AnyResponse:
    """Set the days within which money is handed over, or the day on which the month is published."""
    form = request.form
    try:
        days = forms.whole_or_none(form, "value", N_("期限")) or 0
        reason = forms.text(form, "reason", N_("原因"), most=forms.LONG)
        which = forms.chosen(form, "term", N_("期限"), ("handover", "disclosure"))
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            put = handover.set_days if which == "handover" else disclosures.set_day
            put(session, actor, days, reason=reason, at=now())
    except forms.REFUSED as error:
        return _page(book, error, form.get("term", ""))
    flash(gettext(N_("期限已更改，并记入账本。")))
    return redirect(url_for("calendar.index", book=book))


def _done(book: str, year: int) -> AnyResponse:
    flash(gettext(N_("{year} 年的工作日历已载入，并记入账本。")).format(year=year))
    return redirect(url_for("calendar.index", book=book, year=year))


def _page(book: str, error: SunbookError | None = None, at_form: str = "load") -> Response:
    """Return the page of a year; `at_form` is the form that was refused."""
    today = now().date()
    with store().reading() as reading:
        actor = current_actor(reading, book)
        loaded = calendars.years(reading, book)
        calendar = calendars.load(reading, book)
        allowed = handover.days_allowed(reading, book)
        day = disclosures.day_of_month(reading, book)
    year = _year(calendar, today.year)
    return forms.answer(
        "calendar/index.html",
        error,
        at_form=at_form,
        book=book,
        year=year,
        years=sorted(calendar.years),
        loaded=[one for one in loaded if one.year == year],
        months=[_weeks(calendar, Month(year, number), today) for number in range(1, 13)]
        if year in calendar.years
        else [],
        offered=[one for one in calendars.packaged().values() if one.year not in calendar.years],
        weekdays=WEEKDAYS,
        allowed=allowed,
        day=day,
        off="" if actor.may("calendar") else gettext(OFF),
        may_set=actor.may("policy"),
    )


def _year(calendar: Calendar, this_year: int) -> int:
    """Return the year asked for if it is loaded, else this year, else the newest loaded one."""
    asked = request.args.get("year", "")
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year  # noqa: PLR2004 - digits of a year
    if wanted in calendar.years or not calendar.years:
        return wanted
    return this_year if this_year in calendar.years else max(calendar.years)


def _weeks(calendar: Calendar, month: Month, today: date) -> tuple[Month, list[list[Cell | None]], int]:
    """Return a month, its weeks from Monday with None outside the month, and how many working days it has."""
    weeks = Weeks().monthdatescalendar(month.year, month.number)
    cells = [
        [_cell(calendar, day, today) if day.month == month.number else None for day in week] for week in weeks
    ]
    return (
        month,
        cells,
        sum(one is not None and one.kind in ("work", "worked") for week in cells for one in week),
    )


def _cell(calendar: Calendar, day: date, today: date) -> Cell:
    weekend = day.weekday() >= calendar_days.SATURDAY
    worked, free = ("worked", "free") if weekend else ("work", "off")
    return Cell(day, worked if calendar.is_worked(day) else free, day == today)
