"""Signing on paper (线下签署): choose what a party signs, print the 签认单, and file its scan.

The choice stays in the address, so the second person opens the same sheet and
compares the digest printed on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import books, inbox, policies, receipts, roster, signoff, states
from ledger.book.duties import SIGNING_PARTIES, Actor
from ledger.errors import Invalid, SunbookError
from ledger.months import Month
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.web.picks import as_values, picked
from ledger.words import N_
from reports import signing_sheet

blueprint = Blueprint("paper", __name__, url_prefix="/<book>/signing/paper")

NUMBERS = re.compile(r"[0-9]{1,9}", re.ASCII)
SIGNERS = ("signer", "reviewer")
NOTHING = N_("请先勾选要打印在签认单上的凭证。")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands on one sheet: the party, the records as they are now, and the sheet's digest."""

    party: str
    shown: tuple[signoff.Seen, ...]
    digest: str


@blueprint.get("")
@needs("paper")
def index(book: str) -> Response:
    """Show what a party has still to sign, to choose from."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        parties = [name for name in SIGNING_PARTIES if name in policies.signing_parties(reading, book)]
        party = request.args.get("party", "")
        party = party if party in parties else parties[0]
        signers = _signers(reading, book, party)
        stand_in = Actor(signers[0].person if signers else "", book, party, "viewer")
        dossiers = inbox.waiting(reading, stand_in)
        names = roster.parties(reading, book)
    return forms.answer(
        "signing/paper.html", None, party=party, parties=parties, names=names, signers=signers,
        dossiers=dossiers, own=actor.party,
    )  # fmt: skip


@blueprint.get("/sheet")
@needs("paper")
def sheet(book: str) -> Response:
    """Show one sheet: print it, and file the scan when it has come back."""
    return _sheet_page(book, request.args.get("party", ""), request.args.getlist("e"))


@blueprint.get("/sheet.pdf")
@needs("paper")
def sheet_pdf(book: str) -> Response:
    """Hand out the sheet as a PDF to print."""
    with store().reading() as reading:
        chosen = _chosen(reading, book, request.args.get("party", ""), request.args.getlist("e"))
        printed = _printed(reading, book, chosen)
    response = make_response(signing_sheet.render(printed, language=language()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="signing-sheet-{chosen.digest[:16]}.pdf"'
    return response


@blueprint.post("")
@needs("paper")
def file(book: str) -> Response | AnyResponse:
    """File the scan of a signed sheet; it counts as 线下签署, never as a signature of the system."""
    given = request.form
    party = given.get("party", "")
    try:
        shown = picked(given)
        reason = forms.text(given, "reason", N_("理由"), most=forms.LONG, required=False)
        scans = forms.uploads(request.files, "scan")
        with store().transaction(book) as session:
            actor = current_actor(session, book)
            records = signoff.sign_on_paper(
                session,
                actor,
                shown,
                party=party,
                person=given.get("signer", ""),
                decision=given.get("decision", ""),
                reason=reason,
                attachments=forms.attach(session, actor, scans),
                at=now(),
            )
    except Invalid as error:
        return _sheet_page(book, party, [value.partition(":")[0] for value in given.getlist("pick")], error)
    flash(gettext(N_("已登记线下签署 {count} 张，并记入账本。")).format(count=len(records)))
    return redirect(url_for("entries.show", book=book, idx=shown[0].idx))


def _signers(reading: Session, book: str, party: str) -> list[roster.Member]:
    """Return who may sign on paper for a party."""
    return [
        m for m in roster.members(reading, book) if m.party == party and m.role in SIGNERS and not m.ended
    ]


def _chosen(reading: Session, book: str, party: str, given: list[str]) -> Chosen:
    """Return what stands on the sheet; raise Invalid for nothing, or for what the party need not sign."""
    if party not in SIGNING_PARTIES:
        raise Invalid(N_("请选择签认单位。"))
    indexes = sorted({int(value) for value in given if NUMBERS.fullmatch(value)})
    if not indexes:
        raise Invalid(NOTHING)
    if len(indexes) > signoff.BATCH_MAX:
        raise Invalid(N_("一张签认单最多 {count} 张凭证。"), count=signoff.BATCH_MAX)
    duties = states.standings(reading, book, indexes)
    if any(party not in {who for who, _, _ in duties[idx].duties} for idx in indexes):
        raise Invalid(N_("所选凭证里有不需要这个单位签认的，请重新勾选。"))
    shown = tuple(signoff.seen(reading, book, indexes))
    return Chosen(party, shown, inbox.sheet_digest(shown))


def _printed(reading: Session, book: str, chosen: Chosen) -> signing_sheet.SigningSheet:
    """Return the sheet as it is printed; where the statements differ, each names its vouchers."""
    indexes = [item.idx for item in chosen.shown]
    named = receipts.numbers(reading, book, indexes)
    duties = states.standings(reading, book, indexes)
    texts: dict[str, list[str]] = {}
    for idx in indexes:
        texts.setdefault(duties[idx].statement(chosen.party), []).append(named[idx].number)
    several = len(texts) > 1
    return signing_sheet.SigningSheet(
        book_name=books.get(reading, book).name.in_(language()),
        month=Month.parse(max(line.date for line in named.values())[:7]),
        party_name=roster.parties(reading, book)[chosen.party].in_(language()),
        statement="\n".join(
            f"{'、'.join(found)}：{text}" if several else text for text, found in texts.items()
        ),
        entries=tuple(
            (
                named[item.idx].number,
                date.fromisoformat(named[item.idx].date),
                named[item.idx].summary,
                named[item.idx].amount_fen,
                item.leaf[:8],
            )
            for item in chosen.shown
        ),
        count=len(indexes),
        sum_fen=sum(line.amount_fen for line in named.values()),
        digest=chosen.digest,
        at=now(),
        decisions=states.DECISIONS[chosen.party],
    )


def _sheet_page(book: str, party: str, given: list[str], error: SunbookError | None = None) -> Response:
    """Return the page of one sheet, after an error with what was filled in."""
    with store().reading() as reading:
        chosen = _chosen(reading, book, party, given)
        indexes = [item.idx for item in chosen.shown]
        named = receipts.numbers(reading, book, indexes)
        signers = [
            m for m in _signers(reading, book, party) if m.person != current_actor(reading, book).person
        ]
        names = roster.parties(reading, book)
        statements = sorted({states.standings(reading, book, [idx])[idx].statement(party) for idx in indexes})
    return forms.answer(
        "signing/sheet.html",
        error,
        chosen=chosen,
        indexes=indexes,
        picks=as_values(chosen.shown),
        named=named,
        sum_fen=sum(line.amount_fen for line in named.values()),
        signers=signers,
        names=names,
        statements=statements,
        decisions=states.DECISIONS[party],
        decision_names=states.DECISION_NAMES,
    )
