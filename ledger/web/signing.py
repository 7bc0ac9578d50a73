"""Signing off: what waits, a page that says in plain words what is about to be signed, and the receipt.

The page sends back each record's index and the digest it showed; if the record
has another one, nothing is signed (409).
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from ledger.book import (
    broadcasts,
    inbox,
    keys,
    opinions,
    policies,
    receipts,
    roster,
    signoff,
    states,
    throttle,
)
from ledger.book.duties import Actor, require
from ledger.errors import Invalid, SunbookError
from ledger.proof.signature import WrongPassword, open_key
from ledger.web import forms
from ledger.web.access import current_actor, needs
from ledger.web.desk import now, store
from ledger.web.language import gettext, language
from ledger.web.picks import as_values, picked
from ledger.words import N_

blueprint = Blueprint("signing", __name__, url_prefix="/<book>/signing")

TABS = {"waiting": N_("待签认"), "doubted": N_("问询或退回"), "done": N_("已办")}
NO_KEY = N_("您还没有签名密钥：请在“我的”页面设置签名口令，并由安全管理员确认。")


@blueprint.get("/")
@needs("sign", "paper")
def index(book: str) -> Response:
    """Show what waits for this person's party; to those who file paper, where every party stands."""
    return _desk(book)


@blueprint.post("/confirm")
@needs("sign")
def confirm(book: str) -> Response:
    """Say in plain words what is about to be signed; nothing is signed yet."""
    try:
        return _confirm_page(book)
    except Invalid as error:
        return _desk(book, error)


@blueprint.post("/sign")
@needs("sign")
def sign(book: str) -> Response | AnyResponse:
    """Sign the batch with the signing password, and show the receipt."""
    shown, decision, reason = _said()
    try:
        key, private = _unlock(book, request.form.get("signing_password", ""))
    except throttle.TooMany as error:
        return _confirm_page(book, error, 429)
    except WrongPassword as error:
        return _confirm_page(book, error, 403)
    with store().transaction(book) as session:
        actor = current_actor(session, book)
        records = signoff.sign(
            session, actor, shown, decision=decision, reason=reason, key=key, private=private, at=now()
        )
    flash(gettext(N_("已签认 {count} 张，并记入账本。")).format(count=len(records)))
    return redirect(url_for("signing.receipt", book=book, idx=records[0].index))


@blueprint.get("/receipt/<int(max=999999999):idx>")
@needs("view")
def receipt(book: str, idx: int) -> str:
    """Show an act of signing: which entries, by whom, with which key, signature and root."""
    with store().reading() as reading:
        shown = receipts.of(reading, book, idx)
        numbers = receipts.numbers(reading, book, [line.entry for line in shown.lines])
        parties = roster.parties(reading, book)
    return render_template("signing/receipt.html", receipt=shown, numbers=numbers, parties=parties)


def _said() -> tuple[tuple[signoff.Seen, ...], str, str]:
    """Read what the form says: records, decision, reason."""
    reason = forms.text(request.form, "reason", N_("理由"), most=forms.LONG, required=False)
    return picked(request.form), request.form.get("decision", ""), reason


def _desk(book: str, error: SunbookError | None = None) -> Response:
    """Return the sign-off page, after an error with everything that was ticked and written."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        signs = keys.may_sign(reading, actor, now())
        shown = _signer(reading, actor) if signs else _overview(reading, actor)
    page = "signing/index.html" if signs else "signing/overview.html"
    return forms.answer(page, error, **shown)


def _signer(reading: Session, actor: Actor) -> dict[str, Any]:
    """Return what the page of a signer shows."""
    tab = request.values.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    doubted = inbox.doubted_indexes(reading, actor.book, actor.party)
    dossiers = {"waiting": inbox.waiting, "doubted": inbox.doubted}
    return {
        "tab": tab,
        "tabs": TABS,
        "counts": {"waiting": len(states.waiting(reading, actor.book, actor.party)), "doubted": len(doubted)},
        "dossiers": dossiers[tab](reading, actor) if tab in dossiers else [],
        "acts": opinions.acts(reading, actor.book, actor.party) if tab == "done" else [],
        "decisions": states.DECISIONS[actor.party],
        "agreed": states.AGREED,
        "names": states.DECISION_NAMES,
        "parties": roster.parties(reading, actor.book),
        "key": keys.active(reading, actor.book, actor.person),
        "stands_in": not actor.may("sign"),
    }


def _overview(reading: Session, actor: Actor) -> dict[str, Any]:
    """Return where every party stands, for those who do not sign themselves."""
    names = roster.parties(reading, actor.book)
    members = [member for member in roster.members(reading, actor.book) if not member.ended]
    return {
        "rows": [
            (
                names[party],
                len(states.waiting(reading, actor.book, party)),
                len(inbox.doubted_indexes(reading, actor.book, party)),
                [
                    member.name
                    for member in members
                    if member.party == party and member.role in ("signer", "reviewer")
                ],
                party,
            )
            for party in policies.signing_parties(reading, actor.book)
        ],
        "open": sum(item.newest and not item.answers for item in opinions.queries(reading, actor.book)),
    }


def _confirm_page(book: str, error: SunbookError | None = None, status: int = 200) -> Response:
    """Return the page before the signature; raise the rule that stands against it."""
    shown, decision, reason = _said()
    with store().reading() as reading:
        actor = current_actor(reading, book)
        checked = signoff.check(reading, actor, shown, decision=decision, reason=reason, at=now())
        if keys.active(reading, book, actor.person) is None:
            raise Invalid(NO_KEY)
        lines = receipts.numbers(reading, book, [item.idx for item in checked])
        parties = roster.parties(reading, book)
        hosted = {item.number: item for item in broadcasts.of_month(reading, book)}
    page = render_template(
        "signing/confirm.html",
        said=error.text(language()) if error else "",
        statements=by_statement(checked),
        count=len(checked),
        sum_fen=sum(item.amount_fen for item in checked),
        lines=lines,
        picks=as_values(shown),
        decision=decision,
        agreeing=decision in states.AGREED,
        decision_name=states.DECISION_NAMES[decision],
        reason=reason,
        party=parties[actor.party],
        broadcasts=hosted,
        tab=request.form.get("tab", "waiting"),
    )
    return make_response(page, status)


def by_statement(checked: list[signoff.Item]) -> list[tuple[str, list[signoff.Item]]]:
    """Group the records by the text that is stated on them, in the order of the log."""
    found: dict[str, list[signoff.Item]] = {}
    for item in checked:
        found.setdefault(item.statement, []).append(item)
    return list(found.items())


def _unlock(book: str, password: str) -> tuple[keys.Key, Ed25519PrivateKey]:
    """Open the signer's key, guesses being counted; the slow part runs outside any transaction."""
    with store().reading() as reading:
        actor = current_actor(reading, book)
        if not keys.may_sign(reading, actor, now()):
            require(actor, "sign")
        key = keys.active(reading, book, actor.person)
        if key is None:
            raise Invalid(NO_KEY)
        sealed = keys.sealed(reading, key)
    subject, address = f"sign {actor.person}", request.remote_addr or ""
    with store().transaction() as writing:
        throttle.knock(writing, subject, address, now())
    private = open_key(sealed, password)
    with store().transaction() as writing:
        throttle.welcome(writing, subject, address, now())
    return key, private
