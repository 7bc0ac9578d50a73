"""Drafts: what waits for a second person, one draft as it would be posted, posting it, sending it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import broadcasts, drafts, entries, imports, roster, warnings
from ledger.book import chart as charts
from ledger.book.drafts import Draft
from ledger.book.duties import ROLES, Actor
from ledger.errors import Problem, SunbookError
from ledger.store import tables_desk as d
from ledger.web import forms, vouchers
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.imports import USES
from ledger.web.language import gettext, language
from ledger.words import N_

blueprint = Blueprint("drafts", __name__, url_prefix="/<book>/drafts")

KINDS = {
    "import": N_("导入文件"),
    "manual": N_("手工凭证"),
    "correction": N_("更正凭证"),
    "opening": N_("期初余额"),
    "close": N_("月结"),
}
MEMO_KINDS = {
    "sale": N_("成交"),
    "refund": N_("退款"),
    "estimate": N_("预估（未结算）"),
    "void": N_("失效"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """What a draft adds up to for one broadcast and type; empty broadcast: none."""

    broadcast: str
    type: str
    count: int
    fen: int


@blueprint.get("/")
@needs("draft", "post")
def index(book: str) -> Response:
    """Show what waits, oldest first."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        waiting = drafts.waiting(reading, book)
        names = roster.names(reading, book)
    return forms.answer(
        "drafts/index.html",
        book=book,
        drafts=[(draft, len(draft.payload.get("entries", ())), amount(draft)) for draft in waiting],
        names=names,
        kinds=KINDS,
        off="" if actor.may("draft") else gettext(N_("您的角色只审核，不制单。")),
        me=actor.person,
    )


@blueprint.get("/<draft>")
@needs("draft", "post")
def show(book: str, draft: str) -> Response | AnyResponse:
    """Show a draft as it would be posted; a month's close has a page of its own."""
    with store().reading() as reading:
        found = drafts.get(reading, book, draft)
    if "close" in found.payload:
        return redirect(url_for("close.show", book=book, month=found.payload["close"]["period"]))
    return _page(book, draft)


@blueprint.post("/<draft>/post")
@needs("draft", "post")
def post(book: str, draft: str) -> Response | AnyResponse:
    """Post exactly what the page showed; a draft that changed meanwhile is shown again (409)."""
    try:
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            seen = request.form.get("digest", "")
            reason = forms.text(request.form, "reason", N_("理由"), most=forms.LONG, required=False)
            records = drafts.post(session, actor, draft, seen=seen, at=now(), override=reason)
    except forms.REFUSED as error:
        return _page(book, draft, error)
    numbers = [str(record.body["number"]) for record in records if record.kind == "entry.posted"]
    shown = "、".join(numbers[:1] + numbers[-1:] if len(numbers) > 1 else numbers)
    words = N_("已记账：{count} 张凭证（{numbers}）。") if numbers else N_("已记入账本。")
    flash(gettext(words).format(count=len(numbers), numbers=shown))
    return redirect(url_for("drafts.show", book=book, draft=draft))


@blueprint.post("/<draft>/drop")
@needs("draft", "post")
def drop(book: str, draft: str) -> Response | AnyResponse:
    """Send a draft back with a note, or delete an own one."""
    try:
        note = forms.text(request.form, "note", N_("退回原因"), most=forms.LONG)
        with store().transaction(book) as session:
            drafts.drop(session, current_actor(session, book), draft, note=note)
    except forms.REFUSED as error:
        return _page(book, draft, error)
    flash(gettext(N_("草稿已退回，没有记账。")))
    return redirect(url_for("drafts.index", book=book))


def amount(draft: Draft) -> int:
    """Return the sum of a draft's entries in fen, red letters negative."""
    opening = draft.payload.get("opening")
    found = draft.payload.get("close", draft.payload).get("entries", ())
    return opening["amount_fen"] if opening else sum(entry["amount_fen"] for entry in found)


def _page(book: str, name: str, error: SunbookError | None = None) -> Response:
    """Return the page of a draft in any state."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        draft = drafts.get(reading, book, name)
        chart = charts.current(reading, book)
        row = reading.get(d.Draft, (book, name))
        shown: dict[str, Any] = {
            "vouchers": [vouchers.of_draft(chart, entry) for entry in draft.payload.get("entries", ())],
            "posted": _posted(reading, book, draft),
            "file": imports.get(reading, book, draft.file_idx) if draft.file_idx is not None else None,
            "names": roster.names(reading, book),
            "parties": roster.parties(reading, book),
            "warned": _warned(reading, book, draft),
            "off": _off(reading, actor, draft),
            "drop_off": "" if draft.drafter == actor.person or actor.may("post") else gettext(NOT_DROP),
            "note": (row.note if row else None) or "",
        }
    return forms.answer(
        "drafts/show.html",
        error,
        book=book,
        draft=draft,
        chart=chart,
        sum_fen=amount(draft),
        totals=_totals(draft),
        aside=_aside(draft),
        unassigned=_unassigned(draft),
        kinds=KINDS,
        uses=USES,
        memo_kinds=MEMO_KINDS,
        own=draft.drafter == actor.person,
        **shown,
    )


NOT_DROP = N_("只有制单人或审核人可以退回草稿。")


def _off(reading: Session, actor: Actor, draft: Draft) -> str:
    """Return why this person cannot post the draft, empty if he or she can."""
    if draft.drafter == actor.person:
        return gettext(N_("您是制单人，须由另一人审核记账。"))
    if not actor.may("post"):
        role = ROLES[actor.role].name.in_(language())
        return gettext(N_("您的角色“{role}”不能审核记账。")).format(role=role)
    for number in {
        entry["broadcast"] for entry in draft.payload.get("entries", ()) if entry.get("broadcast")
    }:
        if broadcasts.get(reading, actor.book, number).host_person == actor.person:
            return gettext(N_("您是场次 {number} 的主播，须由其他人审核记账。")).format(number=number)
    return ""


def _warned(reading: Session, book: str, draft: Draft) -> tuple[warnings.Warned, ...]:
    """Return what is unusual about an open draft; one that was decided on has no more warnings."""
    if draft.state != "open":
        return ()
    return warnings.of_draft(reading, book, draft.payload, drafter=draft.drafter, at=now())


def _posted(reading: Session, book: str, draft: Draft) -> list[entries.Entry]:
    """Return the vouchers that a posted draft became: its entries are the first records."""
    if draft.posted_idx is None or "entries" not in draft.payload:
        return []
    first = draft.posted_idx
    return [entries.get(reading, book, first + n) for n in range(len(draft.payload["entries"]))]


def _totals(draft: Draft) -> list[Total]:
    """Return the sums by broadcast and type, as they come in the draft."""
    found: dict[tuple[str, str], list[int]] = {}
    for entry in draft.payload.get("entries", ()):
        found.setdefault((entry.get("broadcast", ""), entry["type"]), []).append(entry["amount_fen"])
    return [Total(broadcast, kind, len(fen), sum(fen)) for (broadcast, kind), fen in found.items()]


def _aside(draft: Draft) -> list[tuple[str, str, int, list[dict[str, Any]]]]:
    """Return what is set aside: (use, broadcast, rows, memo figures)."""
    groups = draft.payload.get("set_aside", {}).get("groups", ())
    return [
        (g["use"], g.get("broadcast", ""), sum(last - first + 1 for first, last in g["ranges"]), g["memo"])
        for g in groups
    ]


def _unassigned(draft: Draft) -> list[tuple[dict[str, Any], str]]:
    """Return the unassigned rows, each with its reason in the reader's language."""
    rows = draft.payload.get("unassigned", ())
    return [(row, Problem(row["message"], values=row["values"]).text(language())) for row in rows]
