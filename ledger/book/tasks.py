"""What a person should do next, told from the state of the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book import broadcasts, calendars, declarations, drafts, handover, keys, opinions, states
from ledger.book.duties import DISCIPLINE, OPERATOR, Actor
from ledger.months import CHINA
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: a sentence with `{count}`, and the page for it, relative to the book; `urgent` is late."""

    message: str
    count: int
    path: str
    urgent: bool = False


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
    if actor.party == DISCIPLINE or (actor.party == OPERATOR and actor.may("explain")):
        found = _handover(session, actor.book, at) + found
    if actor.may("calendar") and at.astimezone(CHINA).year not in calendars.load(session, actor.book).years:
        found.append(Task(N_("{count} 个年度的工作日历还没有载入"), 1, "calendar/"))
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


def _handover(session: Session, book: str, at: datetime) -> list[Task]:
    """What the streamer should have handed over by now, and what he must by the next working day."""
    waiting = handover.alerts(session, book, at.astimezone(CHINA).date())
    late, soon = sum(one.late for one in waiting), sum(one.soon for one in waiting)
    return [
        Task(N_("{count} 笔主播代收款上缴已逾期"), late, "handover/", urgent=True),
        Task(N_("{count} 笔主播代收款即将到上缴期限"), soon, "handover/"),
    ]


def _undeclared(session: Session, book_id: str, at: datetime) -> int:
    """Return how many broadcasts have begun and have an account of which nothing was told."""
    begun = [item for item in broadcasts.of_month(session, book_id) if item.starts_at <= at]
    told = declarations.by_account(session, book_id, [item.number for item in begun])
    return sum(any((item.number, account) not in told for account in item.accounts) for item in begun)
