"""Reading forms strictly: what a person typed becomes a value, or a sentence that names the field.

Every function takes the submitted form first, then the field's name and its
label; a label is a Chinese message or a Text. Figures are ASCII digits, money
goes from text to fen without a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from ledger.book import evidence
from ledger.book.duties import Actor
from ledger.errors import Conflict, Invalid, SunbookError
from ledger.money import FEN_MAX
from ledger.months import CHINA
from ledger.web.language import gettext, language
from ledger.words import N_, Text

Given = MultiDict[str, str]
Label = str | Text
Upload = tuple[bytes, str]
"""The bytes of a chosen file and the name it came with."""

REFUSED = (Invalid, Conflict)
"""What sends a person back to the form, with everything typed still in it."""

SHORT, LONG = 120, 2000
"""Characters of a line and of a longer explanation."""
FILES_MAX = 12
FEN_DIGITS = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?:\.[0-9]{1,2})?", re.ASCII)
WHOLE_DIGITS = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})", re.ASCII)
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?", re.ASCII)
DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a text look other than it is; nobody types them on purpose."""


class BadField(Invalid):
    """A field of a form cannot be read; the sentence names it."""


def text(given: Given, name: str, label: Label, *, most: int = SHORT, required: bool = True) -> str:
    """Return a line in NFC, or several where `most` is LONG; raise BadField if empty, long or unprintable."""
    found = unicodedata.normalize("NFC", given.get(name, "").replace("\r\n", "\n").strip())
    if required and not found:
        raise _missing(label)
    if len(found) > most:
        raise BadField(
            N_("“{label}”最多 {most} 个字，现在有 {count} 个。"),
            label=_say(label),
            most=most,
            count=len(found),
        )
    allowed = "\n\t" if most > SHORT else ""
    if any(
        (unicodedata.category(c) in ("Cc", "Cs") and c not in allowed) or c in DIRECTION_MARKS for c in found
    ):
        raise BadField(N_("“{label}”里有看不见的控制字符，请重新输入。"), label=_say(label))
    return found


def fen(given: Given, name: str, label: Label, *, negative: bool = False) -> int:
    """Return yuan as typed (`8,640.00`) in fen; raise BadField for anything that is not such a figure."""
    found = fen_or_none(given, name, label, negative=negative)
    if found is None:
        raise _missing(label)
    return found


def fen_or_none(given: Given, name: str, label: Label, *, negative: bool = False) -> int | None:
    """Return an amount in fen, None if the field was left empty."""
    typed = given.get(name, "").strip()
    if not typed:
        return None
    if not FEN_DIGITS.fullmatch(typed):
        raise BadField(
            N_("“{label}”请写成 8640.00 的样子：半角数字，最多两位小数，单位是元。"), label=_say(label)
        )
    whole, _, rest = typed.replace(",", "").lstrip("-").partition(".")
    found = int(whole) * 100 + int(rest.ljust(2, "0"))
    if found > FEN_MAX // 4:
        raise BadField(N_("“{label}”的金额太大。"), label=_say(label))
    if typed.startswith("-") and not negative:
        raise BadField(N_("“{label}”不能是负数。"), label=_say(label))
    return -found if typed.startswith("-") else found


def whole_or_none(given: Given, name: str, label: Label) -> int | None:
    """Return a count as typed, None if the field was left empty."""
    typed = given.get(name, "").strip()
    if typed and not WHOLE_DIGITS.fullmatch(typed):
        raise BadField(N_("“{label}”请填半角数字的整数。"), label=_say(label))
    return int(typed.replace(",", "")) if typed else None


def day(given: Given, name: str, label: Label) -> date:
    """Return a date."""
    typed = given.get(name, "").strip()
    if not typed:
        raise _missing(label)
    try:
        if DAY.fullmatch(typed):
            return date.fromisoformat(typed)
    except ValueError:
        pass
    raise BadField(N_("“{label}”请写成 2026-03-03 的样子。"), label=_say(label))


def moment(given: Given, name: str, label: Label) -> datetime:
    """Return a moment of China time, as `datetime-local` sends it."""
    found = moment_or_none(given, name, label)
    if found is None:
        raise _missing(label)
    return found


def moment_or_none(given: Given, name: str, label: Label) -> datetime | None:
    """Return a moment of China time, None if the field was left empty."""
    typed = given.get(name, "").strip().replace(" ", "T")
    if not typed:
        return None
    try:
        if MOMENT.fullmatch(typed):
            return datetime.fromisoformat(typed).replace(tzinfo=CHINA)
    except ValueError:
        pass
    raise BadField(N_("“{label}”请写成 2026-03-03 20:00 的样子。"), label=_say(label))


def chosen(given: Given, name: str, label: Label, options: Collection[str], *, required: bool = True) -> str:
    """Return what was chosen from a list; raise BadField for anything that is not in it."""
    found = given.get(name, "").strip()
    if not found and not required:
        return ""
    if not found:
        raise BadField(N_("请选择“{label}”。"), label=_say(label))
    if found not in options:
        raise BadField(N_("“{label}”请从列表里选择。"), label=_say(label))
    return found


def uploads(files: MultiDict[str, FileStorage], *names: str) -> list[Upload]:
    """Return the files chosen under these names, checked as evidence; raise Invalid for one that is none."""
    found = [
        (one.read(), one.filename or "") for name in names for one in files.getlist(name) if one.filename
    ]
    if len(found) > FILES_MAX:
        raise BadField(N_("一次最多上传 {most} 个附件。"), most=FILES_MAX)
    for data, filename in found:
        evidence.check(data, filename)
    return found


def attach(session: Session, actor: Actor, files: list[Upload]) -> list[dict[str, Any]]:
    """Store uploaded files inside a transaction; return them as records name them."""
    return [evidence.file(session, actor, data, name) for data, name in files]


def answer(template: str, error: SunbookError | None = None, /, **context: Any) -> Response:  # noqa: ANN401 - what a template shows
    """Return a page with a form: new, or again with what was typed, the sentence on top and its status.

    Templates ask `typed(name, default)` for a field's value and `ticked(name, value)` for a box.
    """

    def typed(name: str, default: object = "") -> object:
        return request.form.get(name, default) if error is not None else default

    def ticked(name: str, value: str, *, default: bool = False) -> bool:
        return value in request.form.getlist(name) if error is not None else default

    page = render_template(
        template,
        said=error.text(language()) if error is not None else "",
        problems=error.problems if isinstance(error, Invalid) else (),
        refiled=error is not None and any(one.filename for one in request.files.values()),
        typed=typed,
        ticked=ticked,
        **context,
    )
    return make_response(page, 200 if error is None else 409 if isinstance(error, Conflict) else 400)


def _missing(label: Label) -> BadField:
    return BadField(N_("请填写“{label}”。"), label=_say(label))


def _say(label: Label) -> str:
    """Return a label in the reader's language."""
    return label.in_(language()) if isinstance(label, Text) else gettext(label)
