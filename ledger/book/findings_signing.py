"""Findings about signing: objections, queries without an answer, evidence that came after a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from ledger.book import evidence, states
from ledger.book.scene import HIGH, MIDDLE, Found, Rule, Scene, bound, of_entry, say
from ledger.months import parse_stamp
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.words import N_


def opening_unsigned(scene: Scene) -> Iterator[Found]:
    """The opening stands and not everybody has signed it."""
    first = scene.seen.opening
    if first is not None and scene.seen.standings[first.idx].waiting_for:
        waiting = scene.seen.standings[first.idx].waiting_for
        yield Found(
            "opening",
            N_("期初"),
            N_("期初余额尚未由各方签认。"),
            facts=bound(idx=first.idx, waiting=list(waiting)),
            link=f"entries/{first.idx}/",
            since=scene.seen.month.first_day,
            records=(first.idx,),
        )


def _word(standing: states.Standing, decisions: set[str]) -> states.Word | None:
    """Return the oldest word of this kind that stands."""
    found = [word for word in standing.words.values() if word.decision in decisions]
    return min(found, key=lambda word: word.idx, default=None)


def objections(scene: Scene) -> Iterator[Found]:
    """A party returned a voucher, or the discipline committee advises a change, and nothing has followed."""
    for entry in scene.seen.entries:
        standing = scene.seen.standings[entry.idx]
        word = _word(standing, states.OBJECTED)
        if standing.state == "returned" and word is not None:
            name = states.DECISION_NAMES[word.decision].zh
            found = of_entry(entry, N_("凭证被退回或建议整改（{what}），尚未处理。"), what=name)
            yield _spoken(found, word)


def queries(scene: Scene) -> Iterator[Found]:
    """A query is open; more serious once it has been open beyond the days allowed."""
    for entry in scene.seen.entries:
        standing = scene.seen.standings[entry.idx]
        word = _word(standing, states.QUERIED)
        if standing.state != "queried" or word is None:
            continue
        asked = parse_stamp(word.at).date()
        late = scene.through > asked + timedelta(days=scene.limits.query_days)
        message = N_("凭证有问询，已 {days} 天，超过期限。") if late else N_("凭证有问询，尚未了结。")
        found = of_entry(entry, message, days=max(0, (scene.through - asked).days))
        yield _spoken(found, word, severity=HIGH if late else "")


def _spoken(found: Found, word: states.Word, severity: str = "") -> Found:
    """Bind a finding to what was said, and date it by that."""
    return Found(
        found.subject,
        found.where,
        found.message,
        found.values,
        {**found.facts, "word": word.leaf},
        found.link,
        parse_stamp(word.at).date(),
        (*found.records, word.idx),
        frozenset({word.person}),
        severity,
    )


def added_late(scene: Scene) -> Iterator[Found]:
    """Evidence was added to a voucher, or to its broadcast, after somebody had signed it."""
    seen = scene.seen
    where = {entry.idx: entry.number for entry in seen.entries}
    where |= {told.idx: told.broadcast for told in seen.declared.values()}
    shown = [item.number for item in seen.broadcasts]
    where |= evidence.broadcast_records(scene.session, scene.book, shown)
    for record, later in evidence.added(scene.session, scene.book, list(where)).items():
        for one in later:
            if one.after_signing:
                yield Found(
                    subject=f"{record}/{one.idx}",
                    where=where[record],
                    message=N_("签认之后补充了 {count} 个附件：{note}"),
                    values=say(count=len(one.files), note=one.note or "–"),
                    facts=bound(record=record, digests=[file.digest for file in one.files]),
                    link=f"entries/{record}/"
                    if where[record].startswith("记-")
                    else f"broadcasts/{where[record]}",
                    since=parse_stamp(one.at).date(),
                    records=(one.idx,),
                    persons=frozenset({one.person}),
                )


def overridden(scene: Scene) -> Iterator[Found]:
    """A voucher was posted although a warning stood."""
    o, head = c.Override, t.RecordHead
    mine = {entry.idx: entry for entry in scene.seen.entries}
    query = (
        select(o.idx, o.entry_idx, o.rule, o.subject, o.reason, head.person)
        .join(head, (head.book_id == o.book_id) & (head.idx == o.idx))
        .where(o.book_id == scene.book, o.entry_idx.in_(list(mine)))
        .order_by(o.idx, o.n)
    )
    for row in scene.session.connection().execute(query):
        entry = mine[row.entry_idx]
        found = of_entry(
            entry, N_("有提示仍然记账（{subject}），理由：{reason}"), subject=row.subject, reason=row.reason
        )
        yield Found(
            f"{found.subject}/{row.rule}",
            found.where,
            found.message,
            found.values,
            {"override": row.idx, "rule": row.rule},
            found.link,
            found.since,
            (entry.idx, row.idx),
            frozenset({row.person, entry.drafter}),
        )


SIGNING = N_("签认办法")

RULES = (
    Rule("opening-unsigned", N_("期初没有签认"), MIDDLE, SIGNING, opening_unsigned),
    Rule("objection", N_("被退回或建议整改"), HIGH, SIGNING, objections),
    Rule("query", N_("问询没有了结"), MIDDLE, SIGNING, queries),
    Rule("evidence-late", N_("签认后补充附件"), MIDDLE, N_("签认覆盖签认时的附件"), added_late),
    Rule("overridden", N_("有提示仍然记账"), MIDDLE, N_("提示须说明理由"), overridden),
)
