"""Drafts: prepared by one person, posted by another who saw exactly what was prepared."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger.book import booking, overrides, warnings
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, NotFound
from ledger.months import stamp
from ledger.proof import canonical
from ledger.store import tables_desk as d
from ledger.store.record import Record
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `payload` holds `entries` and perhaps `set_aside`; `digest` is what the poster sends back."""

    draft: str
    kind: str
    payload: dict[str, Any]
    digest: str
    drafter: str
    made_at: str
    state: str
    file_idx: int | None
    poster: str | None
    posted_idx: int | None


class DraftChanged(Conflict):
    """The draft is not the one that the poster's page showed."""


def prepare(
    session: Session,
    actor: Actor,
    *,
    kind: str,
    payload: dict[str, Any],
    at: datetime,
    file_idx: int | None = None,
) -> Draft:
    """Keep a draft (`kind`: manual, import, correction, opening) for a second person; return it."""
    text = canonical.encode(payload).decode()
    row = d.Draft(
        book_id=actor.book,
        draft="D" + secrets.token_hex(4),
        kind=kind,
        payload=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        drafter=actor.person,
        made_at=stamp(at),
        state="open",
        file_idx=file_idx,
    )
    session.add(row)
    session.flush()
    return _value(row)


def change(session: Session, actor: Actor, draft: str, payload: dict[str, Any], *, at: datetime) -> Draft:
    """Replace an open draft's content by its own drafter; whoever looks at the old one cannot post it."""
    row = _open_row(session, actor.book, draft)
    if row.drafter != actor.person:
        raise NotYourDuty(N_("只有制单人可以修改草稿。"))
    row.payload = canonical.encode(payload).decode()
    row.digest = hashlib.sha256(row.payload.encode()).hexdigest()
    row.made_at = stamp(at)
    session.flush()
    return _value(row)


def drop(session: Session, actor: Actor, draft: str, *, note: str) -> None:
    """Drop an open draft: by its drafter, or by a checker who sends it back with a note."""
    row = _open_row(session, actor.book, draft)
    if row.drafter != actor.person:
        require(actor, "post")
    row.state, row.note, row.poster = "dropped", note.strip(), actor.person
    session.flush()


def post(
    session: Session, actor: Actor, draft: str, *, seen: str, at: datetime, override: str = ""
) -> list[Record]:
    """Post a draft prepared by somebody else; return the records, in the order of their voucher numbers.

    `seen` is the digest of the draft as the poster's page showed it; `override` says why it is posted in
    spite of warnings, which are looked for again here and recorded with it. Raises DraftChanged if the
    draft is another one by now, NotYourDuty for the drafter, Unexplained for warnings without a reason.
    """
    require(actor, "post")
    row = _open_row(session, actor.book, draft)
    if row.drafter == actor.person:
        raise NotYourDuty(N_("制单人不能审核自己的凭证，请由另一人记账。"))
    if row.digest != seen or hashlib.sha256(row.payload.encode()).hexdigest() != seen:
        raise DraftChanged(N_("草稿在您查看之后有改动，请刷新页面重新核对。"))
    payload = json.loads(row.payload)
    warned = warnings.of_draft(session, actor.book, payload, drafter=row.drafter, at=at)
    overrides.require_reason(warned, override)
    records = booking.post_payload(session, actor, payload, drafter=row.drafter, digest=row.digest, at=at)
    session.connection().execute(
        update(d.Draft)
        .where(d.Draft.book_id == actor.book, d.Draft.draft == draft)
        .values(state="posted", poster=actor.person, posted_idx=records[0].index)
    )
    return [*records, *overrides.record(session, actor, warned, records, reason=override, at=at)]


def get(session: Session, book_id: str, draft: str) -> Draft:
    """Return a draft in any state; raise NotFound if there is none."""
    row = session.get(d.Draft, (book_id, draft))
    if row is None:
        raise NotFound(N_("没有草稿“{draft}”。"), draft=draft[:40])
    return _value(row)


def waiting(session: Session, book_id: str) -> list[Draft]:
    """Return the open drafts, oldest first."""
    query = select(d.Draft).where(d.Draft.book_id == book_id, d.Draft.state == "open")
    return [_value(row) for row in session.scalars(query.order_by(d.Draft.made_at, d.Draft.draft))]


def _open_row(session: Session, book_id: str, draft: str) -> d.Draft:
    row = session.get(d.Draft, (book_id, draft))
    if row is None:
        raise NotFound(N_("没有草稿“{draft}”。"), draft=draft[:40])
    if row.state != "open":
        raise Conflict(N_("草稿已经处理过（已记账或已退回）。"))
    return row


def _value(row: d.Draft) -> Draft:
    return Draft(
        row.draft,
        row.kind,
        json.loads(row.payload),
        row.digest,
        row.drafter,
        row.made_at,
        row.state,
        row.file_idx,
        row.poster,
        row.posted_idx,
    )
