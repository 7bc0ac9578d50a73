"""RFC 6962 Merkle trees over SHA-256: growing, roots, inclusion and consistency.

A tree is read through `Read`, a function (level, index) -> hash of the complete
subtree that covers leaves index·2^level … (index+1)·2^level − 1. Where the
hashes live is the caller's business. Only complete subtrees are stored, so a
stored hash never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Read = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()
LEAF, NODE, BATCH_LEAF = b"\x00", b"\x01", b"\x02"
"""Domain separation; BATCH_LEAF marks the leaves of a sign-off batch."""


def leaf_hash(data: bytes, prefix: bytes = LEAF) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(prefix + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(NODE + left + right).digest()


def completed(index: int, leaf: bytes, read: Read) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of each subtree above the leaf that leaf `index` completes."""
    level, here = 0, leaf
    while index & 1:
        here = node_hash(read(level, index - 1), here)
        level, index = level + 1, index >> 1
        yield level, index, here


def root(size: int, read: Read) -> bytes:
    """Return the root of the first `size` leaves."""
    return _subtree(0, size, read) if size else EMPTY_ROOT


def _subtree(start: int, end: int, read: Read) -> bytes:
    """Return the hash over leaves start … end−1; `start` is a multiple of the covering power of two."""
    size = end - start
    level = size.bit_length() - 1
    if size == 1 << level:
        return read(level, start >> level)
    middle = start + (1 << level)
    return node_hash(_subtree(start, middle, read), _subtree(middle, end, read))


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves, leaf to root (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, read))
            end = middle
        else:
            path.append(_subtree(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of `new` leaves extends that of `old` (RFC 6962 §2.1.2)."""
    if not 0 < old <= new:
        raise IndexError(old)
    path: list[bytes] = []
    start, end = 0, new
    whole = True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(middle, end, read))
            end = middle
        else:
            path.append(_subtree(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(start, end, read))
    return path[::-1]


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, None if the proof has the wrong length."""
    if not 0 <= index < size:
        return None
    here, last, position = leaf, size - 1, index
    hashes = iter(proof)
    while last:
        if position & 1 or position == last:
            if position & 1:
                sibling = next(hashes, None)
                if sibling is None:
                    return None
                here = node_hash(sibling, here)
        else:
            sibling = next(hashes, None)
            if sibling is None:
                return None
            here = node_hash(here, sibling)
        position, last = position >> 1, last >> 1
    return here if next(hashes, None) is None else None


def inclusion_holds(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Say whether `leaf` is leaf `index` of the tree of `size` leaves with that root."""
    return root_from_inclusion(leaf, index, size, proof) == expected_root


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the tree (`new`, `new_root`) extends (`old`, `old_root`) (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return first == old_root and second == new_root and not last


def reader_over(leaves: Iterable[bytes]) -> tuple[int, Read]:
    """Build all complete subtrees over leaf hashes in memory; return (size, reader)."""
    levels: list[list[bytes]] = [list(leaves)]
    size = len(levels[0])
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return size, lambda level, index: levels[level][index]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, keeping only O(log n) of them in memory."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level, here = 0, leaf
        while peaks and peaks[-1][0] == level:
            here = node_hash(peaks.pop()[1], here)
            level += 1
        peaks.append((level, here))
    if not peaks:
        return EMPTY_ROOT
    here = peaks.pop()[1]
    while peaks:
        here = node_hash(peaks.pop()[1], here)
    return here
