"""Sign-off statements, batches and Ed25519 signatures, and keys sealed by a password.

A batch is a Merkle tree over statements (leaf prefix 0x02). What is signed is
`context ‖ 0x00 ‖ JCS{origin, count, sum_fen, root}`, so the number of entries
and their sum are under the signature as well.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import unicodedata
from dataclasses import dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ledger.errors import Forbidden
from ledger.proof import merkle
from ledger.proof.canonical import Json, encode
from ledger.proof.private import Private
from ledger.words import N_

SIGNOFF = b"sunbook/signoff/v1"
MONTH = b"sunbook/month/v1"
SEAL = b"sunbook/sealed-key/v1"


class WrongPassword(Forbidden):
    """The signing password does not open the key."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one act of signing covers: the sum is of the entries' debit totals, in fen."""

    origin: str
    count: int
    sum_fen: int
    root: bytes

    def signed_bytes(self, context: bytes = SIGNOFF) -> bytes:
        """Return the bytes that are signed."""
        body: dict[str, Json] = {
            "count": self.count,
            "origin": self.origin,
            "root": self.root.hex(),
            "sum_fen": self.sum_fen,
        }
        return context + b"\x00" + encode(body)


AGREEING = ("agree", "no-irregularity")
"""Decisions with which a party makes the statement that its duty asks for."""

WITHHELD = "本单位没有作出同意的声明，意见和理由见本条。"
"""What a sign-off states in its place when it returns, asks or advises."""

STATED = ("entry", "leaf", "party", "person", "role", "decision", "text", "reason", "previous")
"""Fields of a sign-off that its statement repeats; origin and time are added."""


def statement(origin: str, body: dict[str, Any], at: str) -> dict[str, Any]:
    """Return the statement that a signature covers, from a sign-off's body and its time as written."""
    found = {name: body[name] for name in STATED if name in body}
    if isinstance(found.get("reason"), Private):
        found["reason"] = {"private": found["reason"].commitment}
    return {**found, "origin": origin, "at": at}


def statement_holds(origin: str, body: dict[str, Any], at: str, public: bytes) -> bool:
    """Verify a signed sign-off: statement → batch leaf → batch root → Ed25519 signature."""
    given = body["batch"]
    root = merkle.root_from_inclusion(
        batch_leaf(statement(origin, body, at)),
        given["index"],
        given["count"],
        [bytes.fromhex(step) for step in given["proof"]],
    )
    if root is None or root.hex() != given["root"]:
        return False
    batch = Batch(origin, given["count"], given["sum_fen"], root)
    try:
        return holds(public, unb64(body["signature"]), batch.signed_bytes())
    except ValueError:
        return False


def batch_leaf(statement: dict[str, Json]) -> bytes:
    """Return the batch leaf of a sign-off statement."""
    return merkle.leaf_hash(encode(statement), merkle.BATCH_LEAF)


def key_id(public: bytes) -> str:
    """Return the name of a key: the first 16 hex characters of SHA-256 over its raw 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def holds(public: bytes, signature: bytes, signed: bytes) -> bool:
    """Say whether an Ed25519 signature (RFC 8032) over `signed` is good."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Work:
    """Cost of opening a sealed key (Argon2id, RFC 9106): memory in KiB."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A signing key that only the signer's signing password opens. It never enters the log."""

    public: bytes
    salt: bytes
    nonce: bytes
    box: bytes
    work: Work

    def to_text(self) -> str:
        """Return the sealed key as one line of text for storage."""
        numbers = f"{self.work.passes},{self.work.memory_kib},{self.work.lanes}"
        return ":".join(
            ["1", numbers, *(b64(part) for part in (self.public, self.salt, self.nonce, self.box))]
        )

    @classmethod
    def from_text(cls, text: str) -> SealedKey:
        """Read what `to_text` wrote."""
        version, numbers, *parts = text.split(":")
        if version != "1":
            raise ValueError("unknown sealed key version")
        passes, memory_kib, lanes = (int(part) for part in numbers.split(","))
        public, salt, nonce, box = (unb64(part) for part in parts)
        return cls(public, salt, nonce, box, Work(passes, memory_kib, lanes))


def seal_new_key(password: str, work: Work | None = None) -> SealedKey:
    """Make an Ed25519 key and seal it under `password` (Argon2id, ChaCha20-Poly1305)."""
    work = work or Work()
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    salt, nonce = os.urandom(16), os.urandom(12)
    box = ChaCha20Poly1305(_derive(password, salt, work)).encrypt(
        nonce, private.private_bytes_raw(), SEAL + public
    )
    return SealedKey(public, salt, nonce, box, work)


def open_key(sealed: SealedKey, password: str) -> Ed25519PrivateKey:
    """Open a sealed key; raise WrongPassword if the password is not its own."""
    key = _derive(password, sealed.salt, sealed.work)
    try:
        raw = ChaCha20Poly1305(key).decrypt(sealed.nonce, sealed.box, SEAL + sealed.public)
    except InvalidTag:
        raise WrongPassword(
            N_("签名口令不对，没有签认任何凭证。请重新输入签名口令（不是登录密码）。")
        ) from None
    return Ed25519PrivateKey.from_private_bytes(raw)


def _derive(password: str, salt: bytes, work: Work) -> bytes:
    """Return the 32-byte key that a password opens, whichever way the keyboard composes its letters (NFC)."""
    return hash_secret_raw(
        unicodedata.normalize("NFC", password).encode(),
        salt,
        work.passes,
        work.memory_kib,
        work.lanes,
        hash_len=32,
        type=Type.ID,
    )


def b64(data: bytes) -> str:
    """Return standard base64 text."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Read standard base64 strictly; raise ValueError for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if b64(data) != text:
        raise ValueError("not canonical base64")
    return data
