"""What a person should do next, told from the state of the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book import broadcasts, declarations, drafts, keys, opinions, states
from ledger.book.duties import Actor
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: a sentence with `{count}`, and the page for it, relative to the book."""

    message: str
    count: int
    path: str


def tasks(session: Session, actor: Actor, *, at: datetime) -> list[Task]:
    """Return what waits for the actor, the most pressing first; empty when nothing does."""
    found = []
    if keys.may_sign(session, actor, at):
        found += _to_sign(session, actor)
    if actor.may("declare"):
        found.append(
            Task(N_("{count} 场直播还没有当晚申报"), _undeclared(session, actor.book, at), "broadcasts/")
        )
    if actor.may("post"):
        others = [draft for draft in drafts.waiting(session, actor.book) if draft.drafter != actor.person]
        found.append(Task(N_("{count} 份草稿待您审核记账"), len(others), "drafts/"))
    if actor.may("reply"):
        open_ones = [
            item for item in opinions.queries(session, actor.book) if item.newest and not item.answers
        ]
        found.append(Task(N_("{count} 个问询或退回待回复"), len(open_ones), "signing/queries"))
    if actor.may("keys"):
        found.append(
            Task(N_("{count} 个签名密钥待您确认"), len(keys.requests(session, actor.book)), "people/")
        )
    return [task for task in found if task.count]


def _to_sign(session: Session, actor: Actor) -> list[Task]:
    waiting = len(states.waiting(session, actor.book, actor.party))
    answered = [
        item
        for item in opinions.queries(session, actor.book)
        if item.newest and item.answers and item.word.party == actor.party
    ]
    return [
        Task(N_("{count} 张凭证待您签认"), waiting, "signing/"),
        Task(N_("{count} 个问询已有回复，请再次表态"), len(answered), "signing/?tab=doubted"),
    ]


def _undeclared(session: Session, book_id: str, at: datetime) -> int:
    """Return how many broadcasts have begun and have an account of which nothing was told."""
    begun = [item for item in broadcasts.of_month(session, book_id) if item.starts_at <= at]
    told = declarations.by_account(session, book_id, [item.number for item in begun])
    return sum(any((item.number, account) not in told for account in item.accounts) for item in begun)
