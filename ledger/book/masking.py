"""What may be shown of a person's name (PIPL art. 4–6, 25, 51): the family name, the rest masked."""

from __future__ import annotations

PERSON_NAME_MAX = 4
"""Longer names are institutions' and shops'; they are no personal data."""


def mask(name: str) -> str:
    """Return `张**` for a person's name; a longer name, an institution's, stays."""
    clean = name.strip()
    return clean if len(clean) > PERSON_NAME_MAX or not clean else clean[0] + "**"
