"""The pages of a book in the order of the side bar, as data: each with the actions that open it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.book.duties import Actor
from ledger.words import N_


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the side bar. `path` is relative to the book, `needs` as in `access.needs`."""

    path: str
    label: str
    icon: str
    needs: tuple[str, ...]


ITEMS: tuple[Item, ...] = (
    Item("", N_("总览"), "sun", ("view", "accounts", "roles", "keys", "audit")),
    Item("signing/", N_("签认"), "sign", ("sign", "paper")),
    Item("broadcasts/", N_("直播场次"), "live", ("view",)),
    Item("imports/", N_("导入"), "import", ("import",)),
    Item("drafts/", N_("待审核"), "draft", ("draft", "post")),
    Item("entries/", N_("凭证"), "entry", ("view",)),
    Item("accounts/", N_("直播账号"), "account", ("view",)),
    Item("log/", N_("账本记录"), "log", ("verify", "audit")),
    Item("people/", N_("人员与岗位"), "people", ("view", "roles", "keys", "accounts", "audit")),
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
