"""A file between two pages: columns to be mapped, rows to be ticked, balances to be typed.

It may hold somebody's private life. So the table keeps only what nobody can read
without the token, which is in the uploader's browser and not here; the row is
deleted when the file is taken in, given up, or an hour old.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, require
from ledger.errors import NotFound
from ledger.months import stamp
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from ledger.words import N_

HOLD = timedelta(hours=1)
HELD_MAX = 4
"""Files that one person may have waiting; the oldest gives way."""
NONCE_BYTES = 12
CONTEXT = b"sunbook/held-upload/v1\x00"
HELD = table_of(d.HeldUpload)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for its uploader. `options` are what was chosen with it, plain JSON values."""

    token: str
    name: str
    data: bytes
    options: dict[str, Any]


def keep(
    session: Session, actor: Actor, data: bytes, name: str, *, options: dict[str, Any], at: datetime
) -> str:
    """Keep a file for its uploader; return the token under which he finds it again."""
    require(actor, "statement")
    token = secrets.token_urlsafe(32)
    head = json.dumps({"name": name, "options": options}).encode()
    plain = len(head).to_bytes(4, "big") + head + data
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + _cipher(token).encrypt(nonce, plain, _owner(actor))
    row = {
        "book_id": actor.book,
        "token": _index(token),
        "person": actor.person,
        "purpose": "statement",
        "name": "",
        "data": sealed,
        "made_at": stamp(at),
    }
    session.connection().execute(insert(HELD), row)
    _make_room(session, actor)
    return token


def get(session: Session, actor: Actor, token: str, *, at: datetime) -> Held:
    """Return a file that waits; raise NotFound for another person's, one that is gone, or one too old."""
    query = select(HELD.c.data).where(*_mine(actor), HELD.c.token == _index(token))
    sealed = session.connection().execute(query.where(HELD.c.made_at > _limit(at))).scalar()
    try:
        data = bytes(sealed or b"")
        plain = _cipher(token).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _owner(actor))
    except (InvalidTag, ValueError):
        raise NotFound(N_("这份文件不在了：最多保留一小时，只有上传的人能打开。请重新上传。")) from None
    size = 4 + int.from_bytes(plain[:4], "big")
    head = json.loads(plain[4:size])
    return Held(token, head["name"], plain[size:], head["options"])


def drop(session: Session, actor: Actor, token: str) -> None:
    """Delete a file that was taken in or given up."""
    session.connection().execute(delete(HELD).where(*_mine(actor), HELD.c.token == _index(token)))


def stale(session: Session, book: str, *, at: datetime) -> bool:
    """Say whether any file of a book is too old."""
    query = select(HELD.c.token).where(HELD.c.book_id == book, HELD.c.made_at <= _limit(at)).limit(1)
    return session.connection().execute(query).first() is not None


def sweep(session: Session, book: str, *, at: datetime) -> None:
    """Delete every file of a book that is too old."""
    session.connection().execute(delete(HELD).where(HELD.c.book_id == book, HELD.c.made_at <= _limit(at)))


def _make_room(session: Session, actor: Actor) -> None:
    """Delete a person's oldest files beyond the number that may wait."""
    query = select(HELD.c.token).where(*_mine(actor)).order_by(HELD.c.made_at.desc()).offset(HELD_MAX)
    for token in session.connection().execute(query).scalars().all():
        session.connection().execute(delete(HELD).where(*_mine(actor), HELD.c.token == token))


def _limit(at: datetime) -> str:
    return stamp(at - HOLD)


def _mine(actor: Actor) -> tuple[Any, Any]:
    return HELD.c.book_id == actor.book, HELD.c.person == actor.person


def _owner(actor: Actor) -> bytes:
    return f"{actor.book}/{actor.person}".encode()


def _index(token: str) -> str:
    """Return what the table knows of a token; the file cannot be read by it."""
    return hashlib.sha256(CONTEXT + b"index\x00" + token.encode()).hexdigest()


def _cipher(token: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.sha256(CONTEXT + b"key\x00" + token.encode()).digest())
