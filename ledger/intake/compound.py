"""The container of an old .xls: a file system of sectors in one file ([MS-CFB]), read without trust."""

from __future__ import annotations

from struct import error as BadLength  # noqa: N812 - an exception class, named as one here
from struct import unpack_from

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are no sectors: end of chain, free, part of the table itself."""
_HEADER_PLACES = 109
_ENTRY = 128
_STREAM = 2
_SMALL = 64


class Damaged(Exception):
    """The bytes do not hold together as what they claim to be."""


def stream_of(data: bytes, wanted: str) -> tuple[frozenset[str], bytes]:
    """Return the names of all entries, and the bytes of the stream `wanted`; raise Damaged without it."""
    try:
        return _stream_of(data, wanted)
    except (BadLength, IndexError) as error:
        raise Damaged from error


def _stream_of(data: bytes, wanted: str) -> tuple[frozenset[str], bytes]:
    shift, small_shift = unpack_from("<HH", data, 30)
    if shift not in {9, 12} or 1 << small_shift != _SMALL:
        raise Damaged
    size = 1 << shift
    table = _sector_table(data, size)
    first, cutoff, small_first = unpack_from("<I4xII", data, 48)
    directory = _chain(data, size, first, table, size)
    names: set[str] = set()
    found: tuple[int, int] | None = None
    root = unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length = min(unpack_from("<H", directory, at + 64)[0], 64)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        names.add(name)
        if name == wanted and directory[at + 66] == _STREAM:
            found = unpack_from("<II", directory, at + 116)
    if found is None:
        raise Damaged
    start, length = found
    if length >= cutoff:
        content = _chain(data, size, start, table, size)
    else:
        small = _chain(data, size, small_first, table, size)
        numbers = unpack_from(f"<{len(small) // 4}I", small)
        content = _chain(_chain(data, size, root, table, size), 0, start, numbers, _SMALL)
    return frozenset(names), content[:length]


def _sector_table(data: bytes, size: int) -> tuple[int, ...]:
    """Return the table that gives for each sector the one after it; no longer than the file can need."""
    most = len(data) // size + 1
    places = list(unpack_from(f"<{_HEADER_PLACES}I", data, 76))
    more, each = unpack_from("<I", data, 68)[0], size // 4
    while more < _FREE and len(places) <= most:
        block = unpack_from(f"<{each}I", data, size + more * size)
        places += block[:-1]
        more = block[-1]
    found: list[int] = []
    for place in places:
        if place < _FREE and len(found) < most:
            found += unpack_from(f"<{each}I", data, size + place * size)
    return tuple(found)


def _chain(data: bytes, offset: int, first: int, table: tuple[int, ...], size: int) -> bytes:
    """Return the sectors that follow each other from `first`; raise Damaged where they lead in a circle."""
    parts: list[bytes] = []
    while first < _FREE:
        if len(parts) > len(table):
            raise Damaged
        parts.append(data[offset + first * size : offset + (first + 1) * size])
        first = table[first]
    return b"".join(parts)
