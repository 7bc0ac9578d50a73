"""The WSGI entry: `application`, made when a server first asks for it, from the environment."""

from __future__ import annotations

import os

import config
from ledger.web import serve_from


def __getattr__(name: str) -> object:
    """Make `application` at its first use, so that importing this module touches nothing."""
    if name != "application":
        raise AttributeError(name)
    globals()[name] = serve_from(config.from_environment(os.environ))
    return globals()[name]
