"""What every handler needs: the store, the clock and the settings of the running application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from config import Config
from ledger.store.engine import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """What the application was made with."""

    config: Config
    store: Store
    clock: Callable[[], datetime]


def desk() -> Desk:
    """Return what the running application was made with."""
    found: Desk = current_app.extensions["sunbook"]
    return found


def store() -> Store:
    """Return the store: a handler writes in its `transaction(book)`, reads in its `reading()`."""
    return desk().store


def now() -> datetime:
    """Read the clock, in China time."""
    return desk().clock()
