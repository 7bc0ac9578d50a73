"""Findings about received files: rows that were not booked, versions that changed, files that lie about."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from ledger.book import imports, rows
from ledger.book.scene import HIGH, MIDDLE, Found, Rule, Scene, bound, say
from ledger.months import parse_stamp
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.words import N_


def _of_file(
    file: imports.Received, message: str, /, facts: dict[str, object], also: str = "", **values: str | int
) -> Found:
    return Found(
        subject=f"file/{file.idx}{also}",
        where=file.name,
        message=message,
        values=say(**values),
        facts=bound(digest=file.digest, **facts),
        link=f"imports/{file.idx}",
        since=parse_stamp(file.at).date(),
        records=(file.idx,),
    )


def _kept(scene: Scene) -> Iterator[imports.Received]:
    """Yield the month's files that were not discarded."""
    return (file for file in scene.seen.files if file.discarded is None)


def unassigned(scene: Scene) -> Iterator[Found]:
    """Rows that belong to no broadcast, so that nobody booked them; those booked since are left out."""
    for file in _kept(scene):
        if file.used.get("unassigned"):
            mine = rows.claimed(scene.session, scene.book, file.idx)
            left = sorted(mine["unassigned"] - rows.booked(scene.session, scene.book, file.idx))
            if left:
                yield _of_file(
                    file,
                    N_("文件里有 {count} 行没有归属，未入账。"),
                    {"rows": rows.ranges(left)},
                    count=len(left),
                )


def newer(scene: Scene) -> Iterator[Found]:
    """Rows of which another version is booked: the platform changed its mind, or somebody the file."""
    for file in _kept(scene):
        count = file.used.get("newer", 0)
        if count:
            yield _of_file(
                file,
                N_("文件里有 {count} 行与已入账的内容不同（平台有新版本）。"),
                {"rows": count},
                count=count,
            )


def waiting(scene: Scene) -> Iterator[Found]:
    """A file was received and nothing of it booked for days; reference files are compared, not booked."""
    for file in _kept(scene):
        days = (scene.through - parse_stamp(file.at).date()).days
        if not file.used and file.kind not in imports.REFERENCE_KINDS and days >= scene.limits.file_days:
            yield _of_file(file, N_("文件收到 {days} 天，尚未入账。"), {}, days=days)


def discarded(scene: Scene) -> Iterator[Found]:
    """A discarded file held rows that no other file brought."""
    for file in scene.seen.files:
        if file.discarded is None or file.kind in imports.REFERENCE_KINDS:
            continue
        lost = _lost(scene, file.idx)
        if lost:
            yield _of_file(
                file,
                N_("作废的文件里有 {count} 行，在其他文件里没有，未入账（作废原因：{reason}）。"),
                {"rows": lost, "reason": file.discarded},
                count=lost,
                reason=file.discarded,
            )


def _lost(scene: Scene, file_idx: int) -> int:
    """Return how many rows of a discarded file no file that counts has under the same key."""
    mine, other = table_of(t.SourceRow).alias("mine"), table_of(t.SourceRow).alias("other")
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == scene.book)
    there = (
        select(other.c.n)
        .where(other.c.book_id == mine.c.book_id, other.c.key == mine.c.key, other.c.file_idx.not_in(gone))
        .exists()
    )
    query = select(func.count()).where(mine.c.book_id == scene.book, mine.c.file_idx == file_idx, ~there)
    return int(scene.session.connection().execute(query).scalar_one())


def vanished(scene: Scene) -> Iterator[Found]:
    """A later export of the same kind spans a row's time and leaves the row out: rows do not vanish by themselves."""
    kept = sorted(_kept(scene), key=lambda file: file.idx)
    for place, early in enumerate(kept):
        for late in kept[place + 1 :]:
            same = (early.reader, early.platform, early.header) == (late.reader, late.platform, late.header)
            if not same or late.first_at > early.first_at or late.last_at < early.last_at:
                continue
            missing = _missing(scene, early.idx, late.idx)
            if missing:
                yield _of_file(
                    late,
                    N_("较早的文件“{early}”里有 {count} 行，在这份同期文件里不见了。"),
                    {"early": early.digest, "rows": missing},
                    f"/{early.idx}",
                    early=early.name,
                    count=missing,
                )


def _missing(scene: Scene, early: int, late: int) -> int:
    """Return how many keys of the earlier file the later one has not."""
    mine, other = table_of(t.SourceRow).alias("mine"), table_of(t.SourceRow).alias("other")
    there = (
        select(other.c.n)
        .where(other.c.book_id == mine.c.book_id, other.c.key == mine.c.key, other.c.file_idx == late)
        .exists()
    )
    query = select(func.count()).where(mine.c.book_id == scene.book, mine.c.file_idx == early, ~there)
    return int(scene.session.connection().execute(query).scalar_one())


ROWS = N_("每一行入账、备查或申明未归属；不得无声消失")

RULES = (
    Rule("rows-unassigned", N_("有行没有归属"), MIDDLE, ROWS, unassigned),
    Rule("rows-newer", N_("已入账的行有新版本"), MIDDLE, ROWS, newer),
    Rule("rows-vanished", N_("后来的文件少了行"), HIGH, ROWS, vanished),
    Rule("file-discarded", N_("作废文件里有未入账的行"), MIDDLE, ROWS, discarded),
    Rule("file-waiting", N_("文件迟迟没有入账"), MIDDLE, N_("文件收到后应及时入账"), waiting),
)
