"""Evidence: screenshots, receipts and scans, filed under their digest beside the record they prove."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import file_types
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store import blobs, log
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

BYTES_MAX = 10 * 1024 * 1024
"""For pictures and documents; recordings may be as large as a request."""
NAME_MAX = 120
NOTE_MAX = 500
ADDED_TO = (
    "entry.posted",
    *("broadcast.recorded", "broadcast.amended", "broadcast.declared", "broadcast.zero"),
    "activity.recorded",
)
"""Kinds of record to which evidence may be added later: vouchers, broadcasts, declarations, activities."""
NOT_HERE = N_("这里不能补充附件：没有这张凭证、场次、活动或申报。")


@dataclass(frozen=True, slots=True)
class Added:
    """Files that were filed under an earlier record; `after_signing`: somebody had signed it by then."""

    idx: int
    at: str
    person: str
    note: str
    files: tuple[t.Attachment, ...]
    after_signing: bool


def check(data: bytes, name: str) -> tuple[str, str]:
    """Return (clean name, media type) of an uploaded file; raise Invalid if it may not be filed."""
    clean = clean_name(name)
    if not data:
        raise Invalid(N_("附件“{name}”是空文件，请重新选择。"), name=clean)
    try:
        media = file_types.media_of(data)
    except file_types.Refused as refused:
        raise Invalid(refused.message, name=clean) from None
    if len(data) > BYTES_MAX and media not in file_types.RECORDINGS:
        raise Invalid(N_("附件“{name}”超过 10 MB，请压缩后再上传。"), name=clean)
    return clean, file_types.check_ending(media, clean)


def is_page(attachment: dict[str, Any]) -> bool:
    """Say whether an attachment shows a page: a picture or a PDF, as a screenshot must."""
    media = str(attachment["media"])
    return media.startswith("image/") or media == "application/pdf"


def clean_name(name: str) -> str:
    """Return an uploaded file's name without folders, control and direction characters."""
    last = (
        unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
        .replace("\\", "/")
        .split("/")[-1]
    )
    kept = "".join(
        char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    stem = kept.strip(" .")
    if len(stem) > NAME_MAX:
        stem = stem[: NAME_MAX - 8] + stem[-8:]
    return stem or "file"


def file(session: Session, actor: Actor, data: bytes, name: str) -> dict[str, Any]:
    """Store a file and return it as records name it: digest, name, media, size."""
    require(actor, "upload")
    return keep(session, actor.book, data, name)


def keep(session: Session, book_id: str, data: bytes, name: str) -> dict[str, Any]:
    """Check and store a file for an act that has its own permission."""
    clean, media = check(data, name)
    return {"digest": blobs.put(session, book_id, data), "name": clean, "media": media, "size": len(data)}


def attachments(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[t.Attachment]]:
    """Return the files of several records, by record index."""
    found: dict[int, list[t.Attachment]] = {}
    query = (
        select(t.Attachment)
        .where(t.Attachment.book_id == book_id, t.Attachment.idx.in_(indexes))
        .order_by(t.Attachment.idx, t.Attachment.n)
    )
    for row in session.scalars(query):
        found.setdefault(row.idx, []).append(row)
    return found


def media_of(session: Session, book_id: str, digest: str) -> tuple[str, str] | None:
    """Return (name, media type) under which a file was first filed, None if no record names it."""
    query = (
        select(t.Attachment.name, t.Attachment.media)
        .where(t.Attachment.book_id == book_id, t.Attachment.digest == digest)
        .order_by(t.Attachment.idx)
        .limit(1)
    )
    row = session.connection().execute(query).first()
    return (row.name, row.media) if row else None


def add(
    session: Session, actor: Actor, record: int, *, files: list[dict[str, Any]], note: str, at: datetime
) -> Record:
    """File further evidence under an earlier record (`evidence.added`); the record itself never changes.

    Raises NotFound unless the record is a voucher, a broadcast, an activity or a declaration, Invalid
    without a file, Conflict for a file that is there already, NotYourDuty for the broadcast's host.
    """
    require(actor, "upload")
    if not may_add(session, actor.book, record):
        raise NotFound(NOT_HERE)
    if not files:
        raise Invalid(N_("请选择要补充的附件。"))
    if len(note) > NOTE_MAX:
        raise Invalid(N_("补充说明最多 {most} 个字。"), most=NOTE_MAX)
    if actor.person in _hosts(session, actor.book, record):
        raise NotYourDuty(N_("您是本场主播，本场的附件须由其他人补充。"))
    there = {file.digest for file in all_files(session, actor.book, record)}
    for file in files:
        if file["digest"] in there:
            raise Conflict(N_("附件“{name}”已经在这里了。"), name=file["name"])
        there.add(file["digest"])
    body = {"record": record, "note": note.strip(), "attachments": files}
    return log.append(session, actor.book, "evidence.added", body, by=actor.person, at=at)


def may_add(session: Session, book_id: str, record: int) -> bool:
    """Say whether evidence may be added to a record: a voucher, a broadcast, an activity or a declaration."""
    head = t.RecordHead
    query = select(head.kind).where(head.book_id == book_id, head.idx == record)
    return session.scalars(query).first() in ADDED_TO


def _hosts(session: Session, book_id: str, record: int) -> set[str]:
    """Return who hosted the broadcast to which the record belongs."""
    numbers = broadcasts_of(session, book_id, [record]).get(record, ())
    query = select(a.Broadcast.host_person).where(
        a.Broadcast.book_id == book_id,
        a.Broadcast.broadcast.in_(numbers),
        a.Broadcast.host_person.is_not(None),
    )
    return {str(person) for person in session.scalars(query)}


def broadcasts_of(session: Session, book_id: str, records: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the broadcasts to which records belong, by record: as themselves, their voucher or declaration."""
    found: dict[int, tuple[str, ...]] = {}
    for table in (a.Broadcast, a.Declaration, t.Entry):
        query = select(table.idx, table.broadcast).where(table.book_id == book_id, table.idx.in_(records))
        for idx, number in session.connection().execute(query):
            if number and number not in found.get(idx, ()):
                found[idx] = (*found.get(idx, ()), number)
    return found


def broadcast_records(session: Session, book_id: str, numbers: list[str]) -> dict[int, str]:
    """Return every record that registered or amended these broadcasts, with its broadcast's number."""
    query = select(a.Broadcast.idx, a.Broadcast.broadcast).where(
        a.Broadcast.book_id == book_id, a.Broadcast.broadcast.in_(numbers)
    )
    return {idx: number for idx, number in session.connection().execute(query)}  # noqa: C416 - rows


def all_files(session: Session, book_id: str, record: int) -> list[t.Attachment]:
    """Return the files of a record, those added later included."""
    own = attachments(session, book_id, [record]).get(record, [])
    later = added(session, book_id, [record]).get(record, [])
    return [*own, *(file for one in later for file in one.files)]


def added(session: Session, book_id: str, records: list[int]) -> dict[int, list[Added]]:
    """Return what was added to records, oldest first, by record."""
    one, head = w.AddedEvidence, t.RecordHead
    query = (
        select(one.idx, one.record_idx, one.note, head.at, head.person)
        .join(head, (head.book_id == one.book_id) & (head.idx == one.idx))
        .where(one.book_id == book_id, one.record_idx.in_(records))
        .order_by(one.idx)
    )
    rows = session.connection().execute(query).all()
    if not rows:
        return {}
    files = attachments(session, book_id, [row.idx for row in rows])
    signed = _first_signed(session, book_id, sorted({row.record_idx for row in rows}))
    found: dict[int, list[Added]] = {}
    for row in rows:
        late = row.record_idx in signed and signed[row.record_idx] < row.idx
        found.setdefault(row.record_idx, []).append(
            Added(row.idx, row.at, row.person, row.note, tuple(files.get(row.idx, ())), late)
        )
    return found


def _first_signed(session: Session, book_id: str, records: list[int]) -> dict[int, int]:
    """Return the oldest sign-off that saw a record: on the voucher itself, or on one of its broadcast or activity."""
    entry, spent = t.Entry, w.ActivitySpending
    about: dict[int, set[int]] = {record: {record} for record in records}
    numbers = broadcasts_of(session, book_id, records)
    own = set(session.scalars(select(entry.idx).where(entry.book_id == book_id, entry.idx.in_(records))))
    for record in set(records) - own:
        query = select(entry.idx).where(
            entry.book_id == book_id, entry.broadcast.in_(numbers.get(record, ()))
        )
        about[record] |= set(session.scalars(query))
        query = select(spent.entry_idx).where(spent.book_id == book_id, spent.idx == record)
        about[record] |= set(session.scalars(query))
    wanted = sorted(set().union(*about.values()))
    query2 = select(t.Signoff.entry_idx, t.Signoff.idx).where(
        t.Signoff.book_id == book_id, t.Signoff.entry_idx.in_(wanted)
    )
    newest_first = session.connection().execute(query2.order_by(t.Signoff.idx.desc()))
    signed = {idx: word for idx, word in newest_first}  # noqa: C416 - rows; the oldest word stays
    return {
        record: min(signed[idx] for idx in idxs if idx in signed)
        for record, idxs in about.items()
        if any(idx in signed for idx in idxs)
    }
