"""Private values stand in a record as salted commitments, so they can be erased later.

`{"private": hex(SHA-256("sunbook/private/v1" ‖ 0x00 ‖ salt16 ‖ JCS(value)))}`.
Value and salt are the opening; they lie outside the log.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from ledger.proof.canonical import Json, encode

CONTEXT = b"sunbook/private/v1\x00"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Private:
    """A value on its way into a record; the salt is drawn once, when it is made."""

    value: Json
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))

    @property
    def commitment(self) -> str:
        """The commitment as hex, 64 characters."""
        return commit(encode(self.value), self.salt)


def commit(canonical: bytes, salt: bytes) -> str:
    """Return the commitment to the canonical bytes of a value under a 16-byte salt, as hex."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    return hashlib.sha256(CONTEXT + salt + canonical).hexdigest()


def is_commitment(value: object) -> bool:
    """Say whether `value` is the object that stands for a private value in a record."""
    return (
        isinstance(value, dict)
        and value.keys() == {"private"}
        and isinstance(value["private"], str)
        and re.fullmatch("[0-9a-f]{64}", value["private"]) is not None
    )


def commitments(value: object) -> list[str]:
    """Return every commitment inside a record's body, in order of appearance."""
    if isinstance(value, dict):
        if is_commitment(value):
            return [value["private"]]
        return [found for item in value.values() for found in commitments(item)]
    if isinstance(value, list):
        return [found for item in value for found in commitments(item)]
    return []
