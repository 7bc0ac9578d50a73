"""What a person says about a finding: explained, corrected, referred or accepted, bound to the facts as shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book import findings
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.store import log
from ledger.store.record import Record
from ledger.words import N_, Text

OUTCOMES: dict[str, Text] = {
    "explained": Text("已说明", "explained"),
    "corrected": Text("已更正", "corrected"),
    "referred": Text("已移交", "referred"),
    "accepted": Text("已知悉", "accepted"),
}
TEXT_MAX = 1000
ABOUT_YOU = N_("这条异常与您本人有关，须由另一人说明。")


def settle(
    session: Session,
    actor: Actor,
    rule: str,
    subject: str,
    facts: str,
    outcome: str,
    text: str,
    at: datetime,
    *,
    month: Month,
) -> Record:
    """Record an outcome (`exception.settled`); `facts` is the digest that the page showed.

    Raises NotYourDuty for a finding about the actor, NotFound if the rule finds it no more,
    Conflict if its facts have changed since, Invalid without a text.
    """
    require(actor, "explain")
    if outcome not in OUTCOMES:
        raise Invalid(N_("请选择处理结果。"))
    if not text.strip():
        raise Invalid(N_("请写明处理情况。"))
    if len(text) > TEXT_MAX:
        raise Invalid(N_("处理情况最多 {most} 个字。"), most=TEXT_MAX)
    item = findings.find(session, actor.book, month, rule, subject, at.date())
    if item is None:
        raise NotFound(N_("这条异常已经不存在，不用再处理。"))
    if item.digest != facts:
        raise Conflict(N_("这条异常的事实在您查看之后变了，请刷新页面重新核对。"))
    if actor.person in item.found.persons:
        raise NotYourDuty(ABOUT_YOU)
    body = {
        "period": str(month),
        "rule": rule,
        "subject": subject,
        "facts": facts,
        "outcome": outcome,
        "text": text.strip(),
    }
    return log.append(session, actor.book, "exception.settled", body, by=actor.person, at=at)
