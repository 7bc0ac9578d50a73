"""Checks of source rows: the file's root, natural keys, and that each row is booked once, memo or declared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.errors import SunbookError
from ledger.proof import merkle
from ledger.proof.private import SALT_BYTES
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

if TYPE_CHECKING:
    from ledger.store.verify import Derive

PERSONAL = "wallet_bill"
"""The kind of file of which only the ticked rows are kept, and no original."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The stored rows of a file, by row number: leaf and natural key; `cells` in order."""

    leaves: dict[int, bytes]
    keys: dict[int, str]
    cells: list[tuple[int, str]]


class Rows:
    """Recomputes every file's tree and follows every row to what became of it."""

    def __init__(self, session: Session, book_id: str, derive: Derive | None) -> None:
        self._session, self._book_id, self._derive = session, book_id, derive
        self._files: dict[int, dict[str, Any]] = {}
        self._claims: dict[int, list[tuple[str, list[list[int]], dict[str, Any] | None]]] = {}
        self._discarded: set[int] = set()
        self._booked: dict[str, int] = {}

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Collect files and claims."""
        for record in records:
            body = record.body
            if record.kind == "file.received":
                self._files[record.index] = body
            elif record.kind == "file.discarded":
                self._discarded.add(body["file"])
                if any(use == "booked" for use, _, _ in self._claims.get(body["file"], ())):
                    yield self._booked_from_discarded(record.index)
            elif record.kind == "rows.set_aside":
                for group in body["groups"]:
                    self._claims.setdefault(body["file"], []).append((group["use"], group["ranges"], None))
            elif record.kind == "entry.posted" and "rows" in body:
                claim = body["rows"]
                if claim["file"] in self._discarded:
                    yield self._booked_from_discarded(record.index)
                self._claims.setdefault(claim["file"], []).append(("booked", claim["ranges"], claim))

    @staticmethod
    def _booked_from_discarded(index: int) -> Finding:
        return Finding("row_claim", N_("第 {index} 条记录：作废的文件里有行已入账。"), {"index": index})

    def finish(self) -> Iterator[Finding]:
        """Check each file with its rows, then that no row is without a file."""
        count = 0
        for idx, body in self._files.items():
            count += body["rows"]
            yield from self._file(idx, body)
        for idx in self._claims.keys() - self._files.keys():
            yield Finding("row_claim", N_("凭证引用了不存在的文件（第 {index} 条记录）。"), {"index": idx})
        stored = 0
        for model in (t.SourceRow, c.SourceLeaf):
            query = select(func.count()).select_from(model).where(model.book_id == self._book_id)
            stored += self._session.connection().execute(query).scalar_one()
        if stored != count:
            yield Finding("source_row", N_("原始行的总数与收到的文件不符。"))

    def _file(self, idx: int, body: dict[str, Any]) -> Iterator[Finding]:
        kept, unkept = self._kept(idx), self._unkept(idx)
        placed = kept.leaves | unkept
        leaves = [placed[n] for n in sorted(placed)]
        if (
            sorted([*kept.leaves, *unkept]) != list(range(body["rows"]))
            or merkle.root_of(leaves).hex() != body["root"]
        ):
            yield Finding(
                "source_row", N_("文件“{name}”的原始行与收到时的根哈希不符。"), {"name": body["name"]}
            )
            return
        partial = len(kept.leaves) < len(leaves)
        if partial and body["kind"] != PERSONAL:
            yield Finding("source_row", N_("文件“{name}”缺少原始行。"), {"name": body["name"]})
            return
        yield from self._keys(body, kept, partial=partial)
        yield from self._coverage(idx, body, leaves, kept.keys)

    def _kept(self, idx: int) -> _Kept:
        """Read the rows of a file that are stored."""
        r = t.SourceRow
        query = (
            select(r.n, r.key, r.salt, r.cells)
            .where(r.book_id == self._book_id, r.file_idx == idx)
            .order_by(r.n)
        )
        kept = _Kept({}, {}, [])
        for row in self._session.connection().execute(query):
            if len(row.salt) == SALT_BYTES:
                kept.leaves[row.n] = merkle.leaf_hash(bytes(row.salt) + row.cells.encode())
            kept.keys[row.n] = row.key
            kept.cells.append((row.n, row.cells))
        return kept

    def _unkept(self, idx: int) -> dict[int, bytes]:
        """Read the leaves of the rows of a personal bill that were not kept."""
        query = select(c.SourceLeaf.n, c.SourceLeaf.leaf).where(
            c.SourceLeaf.book_id == self._book_id, c.SourceLeaf.file_idx == idx
        )
        return {n: bytes(leaf) for n, leaf in self._session.connection().execute(query)}

    def _keys(self, body: dict[str, Any], kept: _Kept, *, partial: bool) -> Iterator[Finding]:
        """Recompute the natural keys: they decide what counts as the same row."""
        if self._derive is None:
            return
        rows = [(n + 1, tuple(json.loads(text))) for n, text in kept.cells]
        how = {"partial": True} if partial else {}
        try:
            right = self._derive(body["reader"], body["version"], tuple(body["header"]), rows, **how)
        except SunbookError:
            right = []
        for (n, key), wanted in zip(kept.keys.items(), right or [""] * len(kept.keys), strict=True):
            if key != wanted:
                yield Finding(
                    "source_row",
                    N_("文件“{name}”第 {n} 行的业务主键与内容不符。"),
                    {"name": body["name"], "n": n + 1},
                )
                return

    def _coverage(
        self, idx: int, body: dict[str, Any], leaves: list[bytes], keys: dict[int, str]
    ) -> Iterator[Finding]:
        """Each row is booked at most once, and booked, memo or declared once the file is settled."""
        uses: list[str] = [""] * len(leaves)
        for use, spans, claim in self._claims.get(idx, ()):
            if spans[-1][1] >= len(
                leaves
            ):  # looked at before a range is counted out, however long it says it is
                yield Finding("row_claim", N_("文件“{name}”被引用的行超出范围。"), {"name": body["name"]})
                return
            numbers = [n for first, last in spans for n in range(first, last + 1)]
            for n in numbers:
                if use == "booked" and (uses[n] == "booked" or keys.get(n, "") in self._booked):
                    yield Finding(
                        "row_claim", N_("文件“{name}”第 {n} 行重复入账。"), {"name": body["name"], "n": n + 1}
                    )
                    return
                if use == "booked" and n in keys:
                    self._booked[keys[n]] = idx
                if use == "booked" or not uses[n]:
                    uses[n] = use
            if claim is not None and (len(numbers), merkle.root_of(leaves[n] for n in numbers).hex()) != (
                claim["count"],
                claim["root"],
            ):
                yield Finding(
                    "row_claim", N_("文件“{name}”被引用的行与凭证里的根哈希不符。"), {"name": body["name"]}
                )
                return
        if any(uses) and not all(uses):
            yield Finding(
                "row_claim",
                N_("文件“{name}”第 {n} 行既未入账，也没有声明。"),
                {"name": body["name"], "n": uses.index("") + 1},
            )
