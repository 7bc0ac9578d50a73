"""Checks of source rows: the file's root, natural keys, and that each row is booked once, memo or declared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.errors import SunbookError
from ledger.proof import merkle
from ledger.proof.private import SALT_BYTES
from ledger.store import tables as t
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

if TYPE_CHECKING:
    from ledger.store.verify import Derive


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
        query = select(func.count()).select_from(t.SourceRow).where(t.SourceRow.book_id == self._book_id)
        if self._session.connection().execute(query).scalar_one() != count:
            yield Finding("source_row", N_("原始行的总数与收到的文件不符。"))

    def _file(self, idx: int, body: dict[str, Any]) -> Iterator[Finding]:
        r = t.SourceRow
        query = (
            select(r.n, r.key, r.salt, r.cells)
            .where(r.book_id == self._book_id, r.file_idx == idx)
            .order_by(r.n)
        )
        leaves, keys, cells = [], [], []
        for expected, row in enumerate(self._session.connection().execute(query)):
            if row.n != expected or len(row.salt) != SALT_BYTES:
                break
            leaves.append(merkle.leaf_hash(bytes(row.salt) + row.cells.encode()))
            keys.append(row.key)
            cells.append(row.cells)
        if len(leaves) != body["rows"] or merkle.root_of(leaves).hex() != body["root"]:
            yield Finding(
                "source_row", N_("文件“{name}”的原始行与收到时的根哈希不符。"), {"name": body["name"]}
            )
            return
        yield from self._keys(body, keys, cells)
        yield from self._coverage(idx, body, leaves, keys)

    def _keys(self, body: dict[str, Any], keys: list[str], cells: list[str]) -> Iterator[Finding]:
        """Recompute the natural keys: they decide what counts as the same row."""
        if self._derive is None:
            return
        rows = [(n + 1, tuple(json.loads(text))) for n, text in enumerate(cells)]
        try:
            right = self._derive(body["reader"], body["version"], tuple(body["header"]), rows)
        except SunbookError:
            right = []
        for n, (key, wanted) in enumerate(zip(keys, right or [""] * len(keys), strict=True)):
            if key != wanted:
                yield Finding(
                    "source_row",
                    N_("文件“{name}”第 {n} 行的业务主键与内容不符。"),
                    {"name": body["name"], "n": n + 1},
                )
                return

    def _coverage(
        self, idx: int, body: dict[str, Any], leaves: list[bytes], keys: list[str]
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
                if use == "booked" and (uses[n] == "booked" or keys[n] in self._booked):
                    yield Finding(
                        "row_claim", N_("文件“{name}”第 {n} 行重复入账。"), {"name": body["name"], "n": n + 1}
                    )
                    return
                if use == "booked":
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
