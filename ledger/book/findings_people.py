"""Findings about people: one person close to two roles (Accounting Law, art. 25: incompatible duties)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from ledger.book import payees, roster
from ledger.book.roster import Member
from ledger.book.scene import HIGH, LOW, MIDDLE, Found, Rule, Scene, bound, say
from ledger.words import N_

PAIR_MIN = 3
"""Fewer vouchers each way make no habit."""


def _today(scene: Scene) -> list[Member]:
    return [member for member in roster.members(scene.session, scene.book) if not member.ended]


def same_name(scene: Scene) -> Iterator[Found]:
    """Two seats are held under one name: perhaps one person with two logins."""
    by_name: dict[str, list[Member]] = defaultdict(list)
    for member in _today(scene):
        if member.name:
            by_name[payees.normal(member.name)].append(member)
    for members in by_name.values():
        if len(members) > 1:
            name = members[0].name
            yield Found(
                subject="/".join(str(member.idx) for member in members),
                where=name,
                message=N_("“{name}”这个姓名占了 {count} 个岗位，请核对是否同一人。"),
                values=say(name=name, count=len(members)),
                facts=bound(members=[member.idx for member in members]),
                link="people/",
                since=date.fromisoformat(max(member.since for member in members)[:10]),
                records=tuple(member.idx for member in members),
                persons=frozenset(member.person for member in members),
            )


def host_records(scene: Scene) -> Iterator[Found]:
    """The host of a broadcast bears the name of somebody who drafted or posted its vouchers."""
    names = {m.person: m.name for m in roster.members(scene.session, scene.book)}
    found: dict[str, tuple[set[str], list[str], set[int]]] = {}
    for item in scene.seen.broadcasts:
        for entry in scene.seen.of_broadcast(item.number):
            for person in (entry.drafter, entry.poster):
                if item.host and payees.normal(names.get(person, "")) == payees.normal(item.host):
                    people, numbers, records = found.setdefault(item.host, (set(), [], set()))
                    people.add(person)
                    records.add(item.idx)
                    if item.number not in numbers:
                        numbers.append(item.number)
    for host, (people, numbers, records) in found.items():
        yield Found(
            subject=f"{scene.seen.month}/{numbers[0]}",
            where="、".join(numbers),
            message=N_("主播“{name}”与经手本场凭证的人同名，请核对是否同一人。"),
            values=say(name=host),
            facts=bound(broadcasts=numbers, persons=sorted(people)),
            link="people/",
            since=scene.seen.month.first_day,
            records=tuple(sorted(records)),
            persons=frozenset(people),
        )


def pairs(scene: Scene) -> Iterator[Found]:
    """Two persons post each other's vouchers, and nobody else's eyes see any of them."""
    posted: Counter[tuple[str, str]] = Counter((e.drafter, e.poster) for e in scene.seen.entries)
    only = {drafter: {p for d, p in posted if d == drafter} for drafter, _ in posted}
    names = roster.names(scene.session, scene.book)
    for (drafter, poster), count in sorted(posted.items()):
        back = posted.get((poster, drafter), 0)
        mutual = only.get(drafter) == {poster} and only.get(poster) == {drafter}
        if drafter < poster and mutual and min(count, back) >= PAIR_MIN:
            yield Found(
                subject=f"{scene.seen.month}/{drafter}/{poster}",
                where=str(scene.seen.month),
                message=N_("“{one}”与“{other}”一直互相审核对方的凭证（{count} 张和 {back} 张）。"),
                values=say(
                    one=names.get(drafter, drafter), other=names.get(poster, poster), count=count, back=back
                ),
                facts=bound(persons=[drafter, poster]),
                link=f"entries/?month={scene.seen.month}",
                since=scene.seen.month.first_day,
                persons=frozenset({drafter, poster}),
            )


def substitutes(scene: Scene) -> Iterator[Found]:
    """Somebody who signs for an absent signer also drafted or posted, under this seat or an earlier one."""
    hands: dict[str, list[int]] = defaultdict(list)
    for entry in scene.seen.entries:
        for person in (entry.drafter, entry.poster):
            hands[person].append(entry.idx)
    names = roster.names(scene.session, scene.book)
    by_name = {payees.normal(names.get(person, "")): person for person in hands} if hands else {}
    for item in roster.substitutes(scene.session, scene.book):
        if item.last_day < scene.seen.month.first_day.isoformat():
            continue
        name = names.get(item.person, "")
        also = item.person if item.person in hands else by_name.get(payees.normal(name)) if name else None
        if also is not None:
            yield Found(
                subject=f"{item.idx}/{scene.seen.month}",
                where=name or item.person,
                message=N_("代签人“{name}”本月经手了 {count} 张凭证（制单或审核），不能代签。"),
                values=say(name=name, count=len(hands[also])),
                facts=bound(substitute=item.idx, entries=sorted(set(hands[also]))),
                link="people/",
                since=scene.seen.month.first_day,
                records=(item.idx,),
                persons=frozenset({item.person, also}),
            )


ART_25 = N_("《会计法》：不相容职务分离")

RULES = (
    Rule("same-name", N_("一名多岗"), MIDDLE, ART_25, same_name, standing=True),
    Rule("host-records", N_("主播与经手人同名"), HIGH, ART_25, host_records),
    Rule("pair", N_("固定互审"), LOW, ART_25, pairs),
    Rule("substitute-records", N_("代签人经手凭证"), HIGH, ART_25, substitutes),
)
