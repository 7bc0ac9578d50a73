"""Sign-off: one act of one person for one party over a batch of entries, bound to their content.

What is signed is in `ledger.proof.signature`; here stands who may sign what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ledger.book import broadcasts, dossiers, entries, roster, states
from ledger.book import keys as signing_keys
from ledger.book.duties import SIGNING_PARTIES, Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import stamp
from ledger.proof import merkle
from ledger.proof.private import Private
from ledger.proof.signature import AGREEING, WITHHELD, Batch, b64, batch_leaf, statement
from ledger.store import log
from ledger.store import tables as t
from ledger.store.record import Record
from ledger.words import N_

BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as the signer's page showed it: index and leaf hash (hex)."""

    idx: int
    leaf: str


def seen(session: Session, book_id: str, indexes: list[int]) -> list[Seen]:
    """Return records as a page shows them for signing: index and leaf hash."""
    query = select(t.RecordRow.idx, t.RecordRow.leaf).where(
        t.RecordRow.book_id == book_id, t.RecordRow.idx.in_(indexes)
    )
    rows = session.connection().execute(query.order_by(t.RecordRow.idx))
    return [Seen(idx, bytes(leaf).hex()) for idx, leaf in rows]


class Changed(Conflict):
    """What would be signed is not what the page showed."""


class AlreadySpoken(Conflict):
    """This party's word on an entry came in at the same time from elsewhere."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record about to be signed: its sum, its statement, and this party's earlier word."""

    idx: int
    leaf: str
    amount_fen: int
    statement: str
    previous: str


def check(
    session: Session, actor: Actor, shown: tuple[Seen, ...], *, decision: str, reason: str, at: datetime
) -> list[Item]:
    """Return what the actor would sign, in log order; raise the rule that stands against it.

    Raises NotYourDuty (administrators, other parties, the host), Changed when a
    digest differs from the stored one, Invalid for a decision without its
    reason, or an original without its reversal and correction.
    """
    if actor.party not in SIGNING_PARTIES or not signing_keys.may_sign(session, actor, at):
        require(actor, "sign")
        raise NotYourDuty(N_("您的单位不参与签认。"))
    _check_words(actor.party, shown, decision, reason)
    return items(session, actor, shown, decision=decision)


def _check_words(party: str, shown: tuple[Seen, ...], decision: str, reason: str) -> None:
    if decision not in states.DECISIONS[party]:
        raise Invalid(N_("请选择签认结论。"))
    if decision not in states.AGREED and not reason.strip():
        raise Invalid(N_("退回、问询或提出建议须写明理由。"))
    if not shown:
        raise Invalid(N_("请先勾选要签认的凭证。"))
    if len(shown) > BATCH_MAX or len({item.idx for item in shown}) != len(shown):
        raise Invalid(N_("一次最多签认 {count} 张凭证，且不能重复。"), count=BATCH_MAX)


def items(session: Session, actor: Actor, shown: tuple[Seen, ...], *, decision: str) -> list[Item]:
    """Return the records in log order, each checked against the digest shown and the actor's duties."""
    wanted = {item.idx: item.leaf for item in shown}
    standings = states.standings(session, actor.book, list(wanted))
    families = dossiers.families(session, actor.book)
    found = []
    for idx in sorted(wanted):
        record = log.get(session, actor.book, idx)
        if record.leaf.hex() != wanted[idx]:
            raise Changed(N_("凭证内容与您看到的不一致，没有签认；请刷新页面重新核对。"))
        standing = standings[idx]
        if actor.party not in {party for party, _, _ in standing.duties}:
            raise NotYourDuty(N_("这条记录不需要您的单位签认。"))
        _check_hands_off(session, actor, record)
        _check_family(session, actor.book, record, wanted)
        word = standing.words.get(actor.party)
        # Who agreed before a reversal came says it again with the red letters: they are signed in one act.
        completes = any(
            actor.party not in standings[other].words for other in families.get(idx, ()) if other in wanted
        )
        if word is not None and word.decision == decision and decision in states.AGREED and not completes:
            raise AlreadySpoken(N_("您的单位已签认过其中的凭证，请刷新页面。"))
        found.append(
            Item(
                idx,
                wanted[idx],
                record.body["amount_fen"],
                standing.statement(actor.party),
                word.leaf if word else "",
            )
        )
    return found


def _check_hands_off(session: Session, actor: Actor, record: Record) -> None:
    """Who drafted, posted or hosted does not sign."""
    if actor.person in (record.body["drafter"], record.by):
        raise NotYourDuty(N_("制单人、审核人不能签认自己经手的凭证。"))
    if record.body.get("broadcast"):
        broadcasts.refuse_host(session, actor, record.body["broadcast"])


def _check_family(session: Session, book_id: str, record: Record, wanted: dict[int, str]) -> None:
    """An original, its reversal and its correction are signed in one act."""
    if record.kind != "entry.posted":
        return
    missing = [idx for idx in entries.family(session, book_id, record.index) if idx not in wanted]
    if missing:
        number = entries.get(session, book_id, missing[0]).number
        raise Invalid(N_("原凭证、红字凭证和更正凭证须一并签认，请同时勾选 {number}。"), number=number)


def sign(
    session: Session,
    actor: Actor,
    shown: tuple[Seen, ...],
    *,
    decision: str,
    reason: str = "",
    key: signing_keys.Key,
    private: Ed25519PrivateKey,
    at: datetime,
) -> list[Record]:
    """Sign a batch and append one `signoff.signed` per record; return them in the same order.

    `key` and `private` come from `keys.unlock`, called before the transaction:
    opening a sealed key is slow on purpose and must not hold the book's lock.
    """
    checked = check(session, actor, shown, decision=decision, reason=reason, at=at)
    current = signing_keys.active(session, actor.book, actor.person)
    if current is None or current.key != key.key:
        raise Conflict(N_("您的签名密钥刚刚更换，请重新签认。"))
    head = log.head(session, actor.book, 1)
    said = [_said(actor, item, decision, reason) for item in checked]
    batch_size, read = merkle.reader_over(
        batch_leaf(statement(head.origin, body, stamp(at))) for body in said
    )
    batch = Batch(
        head.origin, batch_size, sum(item.amount_fen for item in checked), merkle.root(batch_size, read)
    )
    signature = b64(private.sign(batch.signed_bytes()))
    records = []
    for index, body in enumerate(said):
        proof = [step.hex() for step in merkle.inclusion_proof(index, batch_size, read)]
        full = {
            **body,
            "method": key.method,
            "key": key.key,
            "signature": signature,
            "batch": {
                "count": batch.count,
                "sum_fen": batch.sum_fen,
                "root": batch.root.hex(),
                "index": index,
                "proof": proof,
            },
        }
        records.append(_append(session, actor, "signoff.signed", full, at))
    return records


def _said(actor: Actor, item: Item, decision: str, reason: str) -> dict[str, Any]:
    """Return the fields of a sign-off that its statement is made of."""
    body: dict[str, Any] = {
        "entry": item.idx,
        "leaf": item.leaf,
        "party": actor.party,
        "person": actor.person,
        "role": actor.role,
        "decision": decision,
        "text": item.statement if decision in AGREEING else WITHHELD,
    }
    if reason.strip():
        body["reason"] = Private(reason.strip())
    if item.previous:
        body["previous"] = item.previous
    return body


def _append(session: Session, actor: Actor, kind: str, body: dict[str, Any], at: datetime) -> Record:
    try:
        return log.append(session, actor.book, kind, body, by=actor.person, at=at)
    except IntegrityError as error:
        if "signoff" not in str(error.orig):
            raise
        raise AlreadySpoken(N_("您的单位已签认过其中的凭证，请刷新页面。")) from None


def sign_on_paper(
    session: Session,
    actor: Actor,
    shown: tuple[Seen, ...],
    *,
    party: str,
    person: str,
    decision: str,
    reason: str = "",
    attachments: list[dict[str, Any]],
    at: datetime,
) -> list[Record]:
    """File the scan of a paper sign-off (签认单) by a second person; never counted as cryptographic."""
    require(actor, "paper")
    signer = next(
        (
            m
            for m in roster.members(session, actor.book)
            if (m.person, m.party) == (person, party) and not m.ended
        ),
        None,
    )
    if signer is None or party not in SIGNING_PARTIES or person == actor.person:
        raise Invalid(N_("请选择在签认单上签字的在任签认人（不能是您自己）。"))
    on_paper = Actor(person, actor.book, party, signer.role, signer.post)
    if not signing_keys.may_sign(session, on_paper, at):
        raise NotYourDuty(N_("签认单上的签字人不是签认人。"))
    if not attachments:
        raise Invalid(N_("请上传已签字盖章的签认单扫描件。"))
    _check_words(party, shown, decision, reason)
    return [
        _append(
            session,
            actor,
            "signoff.paper",
            {**_said(on_paper, item, decision, reason), "attachments": attachments},
            at,
        )
        for item in items(session, on_paper, shown, decision=decision)
    ]


def reply(
    session: Session,
    actor: Actor,
    signoff_idx: int,
    *,
    text: str,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Answer a query, a return or an advice; the party then speaks again."""
    require(actor, "reply")
    row = session.get(t.Signoff, (actor.book, signoff_idx, 0))
    if row is None or row.decision in states.AGREED:
        raise NotFound(N_("没有要回复的问询。"))
    if not text.strip():
        raise Invalid(N_("请填写回复内容。"))
    body = {"signoff": signoff_idx, "text": Private(text.strip()), "attachments": attachments}
    return log.append(session, actor.book, "query.replied", body, by=actor.person, at=at)


def replies(session: Session, book_id: str, signoffs: list[int]) -> dict[int, list[tuple[t.Reply, str, str]]]:
    """Return the replies to sign-offs, by sign-off index: (row, text or empty once erased, time)."""
    query = (
        select(t.Reply, t.RecordHead.at)
        .join(t.RecordHead, (t.RecordHead.book_id == t.Reply.book_id) & (t.RecordHead.idx == t.Reply.idx))
        .where(t.Reply.book_id == book_id, t.Reply.signoff_idx.in_(signoffs))
        .order_by(t.Reply.idx)
    )
    rows = session.execute(query).all()
    texts = log.opened(session, book_id, [row.text for row, _ in rows])
    found: dict[int, list[tuple[t.Reply, str, str]]] = {}
    for row, at in rows:
        found.setdefault(row.signoff_idx, []).append((row, texts.get(row.text, ""), at))
    return found
