"""Findings about the live accounts on which the month's broadcasts ran."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.book.broadcasts import Broadcast
from ledger.book.findings_income import legs
from ledger.book.scene import HIGH, LOW, MIDDLE, Found, Rule, Scene, bound, say
from ledger.months import CHINA
from ledger.words import N_


def _account(item: Broadcast, code: str, handle: str, message: str) -> Found:
    return Found(
        f"{item.number}/{code}",
        item.number,
        message,
        say(handle=handle),
        bound(starts_at=item.starts_at.isoformat()),
        "accounts/",
        item.starts_at.astimezone(CHINA).date(),
        (item.idx,),
    )


def not_filed(scene: Scene) -> Iterator[Found]:
    """The account was not filed with county leaders and the discipline committee by the day."""
    for item, code, handle in legs(scene):
        if not scene.seen.accounts[code].filed_by(item.starts_at.astimezone(CHINA).date()):
            yield _account(item, code, handle, N_("账号“{handle}”在开播前没有向县领导和纪委监委备案。"))


def paused(scene: Scene) -> Iterator[Found]:
    """The account was paused that day."""
    for item, code, handle in legs(scene):
        if scene.seen.accounts[code].paused_on(item.starts_at.astimezone(CHINA).date()):
            yield _account(item, code, handle, N_("账号“{handle}”当天处于暂停状态。"))


def personal(scene: Scene) -> Iterator[Found]:
    """An institution's account is preferred; a personal one is supported and said."""
    first: dict[str, Broadcast] = {}
    for item in scene.seen.broadcasts:
        for code in item.accounts:
            first.setdefault(code, item)
    for code, item in sorted(first.items()):
        account = scene.seen.accounts.get(code)
        if account is not None and account.owner_kind == "personal":
            yield Found(
                code,
                account.handle,
                N_("账号“{handle}”是个人账号，收入先到主播个人卡。"),
                say(handle=account.handle),
                bound(idx=account.idx),
                "accounts/",
                item.starts_at.astimezone(CHINA).date(),
                (account.idx,),
            )


FILING = N_("账号须先备案")

RULES = (
    Rule("account-not-filed", N_("账号没有备案"), MIDDLE, FILING, not_filed),
    Rule("account-paused", N_("暂停的账号开播"), HIGH, FILING, paused),
    Rule("account-personal", N_("使用个人账号"), LOW, N_("《公务员法》第五十九条；收入先到个人卡"), personal),
)
