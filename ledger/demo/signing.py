"""The demonstration's first of April: three institutions sign a part of the month, one of them asks."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from ledger.book import entries, keys, signoff, states
from ledger.book.duties import Actor
from ledger.demo.stage import Stage, at


def play(stage: Stage) -> None:
    """Each institution signs the first part of the month; one query is asked and answered; the rest waits."""
    for minute, (login, decision) in enumerate(
        (("charity", "agree"), ("redcross", "agree"), ("discipline", "no-irregularity"))
    ):
        actor = stage.who(login)
        when = at(1, f"14:{minute * 10:02d}", 4)
        key, private = _unlock(stage, login)

        def act(
            session: Session,
            actor: Actor = actor,
            key: keys.Key = key,
            private: Ed25519PrivateKey = private,
            decision: str = decision,
            when: datetime = when,
        ) -> None:
            waiting = states.waiting(session, stage.book, actor.party)
            done = tuple(signoff.seen(session, stage.book, waiting)[:12])
            signoff.sign(session, actor, done, decision=decision, key=key, private=private, at=when)

        stage.write(act)
    key, private = _unlock(stage, "charity")

    def ask(session: Session) -> int:
        waiting = states.waiting(session, stage.book, "charity")
        query = tuple(
            item
            for item in signoff.seen(session, stage.book, waiting)
            if _is_unidentified(session, stage.book, item.idx)
        )
        records = signoff.sign(
            session,
            stage.who("charity"),
            query,
            decision="query",
            reason="这笔 200.00 元由谁汇入？请补充银行回单。",
            key=key,
            private=private,
            at=at(1, "15:00", 4),
        )
        return records[0].index

    asked = stage.write(ask)
    stage.write(
        lambda session: signoff.reply(
            session,
            stage.who("accountant"),
            asked,
            text="已向开户行查询，等待回复；查清前挂“暂收待查款”。",
            attachments=[],
            at=at(1, "16:20", 4),
        )
    )


def _unlock(stage: Stage, login: str) -> tuple[keys.Key, Ed25519PrivateKey]:
    with stage.store.reading() as session:
        return keys.unlock(session, stage.who(login), stage.people[login].signing_password)


def _is_unidentified(session: Session, book: str, idx: int) -> bool:
    return entries.get(session, book, idx).type == "UNIDENTIFIED"
