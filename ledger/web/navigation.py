"""The pages of a book in the order of the side bar, as data: each with the actions that open it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.book.duties import Actor
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the side bar. `path` is relative to the book, `needs` as in `access.needs`."""

    group: str
    path: str
    label: str
    icon: str
    needs: tuple[str, ...]


DAILY, MONEY, WELFARE, WATCH, BOOK = N_("日常"), N_("资金"), N_("公益"), N_("监督"), N_("账本")

ITEMS: tuple[Item, ...] = (
    Item(DAILY, "", N_("总览"), "sun", ("view", "accounts", "roles", "keys", "audit")),
    Item(DAILY, "signing/", N_("签认"), "sign", ("sign", "paper")),
    Item(DAILY, "broadcasts/", N_("直播场次"), "live", ("view",)),
    Item(DAILY, "imports/", N_("导入"), "import", ("import",)),
    Item(DAILY, "drafts/", N_("待审核"), "draft", ("draft", "post")),
    Item(DAILY, "entries/", N_("凭证"), "entry", ("view",)),
    Item(MONEY, "reconcile/", N_("对账"), "scales", ("view",)),
    Item(MONEY, "handover/", N_("主播上缴"), "hand", ("view", "handover")),
    Item(WELFARE, "registers/", N_("协议与决议"), "seal", ("view",)),
    Item(WELFARE, "activities/", N_("公益活动"), "gift", ("view",)),
    Item(WATCH, "exceptions/", N_("异常"), "alert", ("view",)),
    Item(WATCH, "disclosures/", N_("信息公开"), "megaphone", ("view",)),
    Item(BOOK, "close/", N_("月结"), "lock", ("view",)),
    Item(BOOK, "books/", N_("账簿打印"), "books", ("view", "audit")),
    Item(BOOK, "accounts/", N_("直播账号"), "account", ("view",)),
    Item(BOOK, "log/", N_("账本记录"), "log", ("verify", "audit")),
    Item(BOOK, "calendar/", N_("工作日历"), "calendar", ("view", "calendar")),
    Item(BOOK, "registers/chart", N_("科目表"), "books", ("policy",)),
    Item(BOOK, "people/", N_("人员与岗位"), "people", ("view", "roles", "keys", "accounts", "audit")),
)


def items(actor: Actor, *, signs: bool = False) -> tuple[Item, ...]:
    """Return the entries that this person may open; `signs` says that a substitute signs for somebody."""
    return tuple(
        item
        for item in ITEMS
        if any(actor.may(action) for action in item.needs) or (signs and "sign" in item.needs)
    )


def first_page(actor: Actor) -> str:
    """Return the address of the page that this person sees first."""
    return f"/{actor.book}/{items(actor)[0].path}"
