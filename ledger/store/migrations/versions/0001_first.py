"""The first schema."""

from __future__ import annotations

from alembic import op
from sqlmodel import SQLModel

from ledger.store import append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table and trigger."""
    SQLModel.metadata.create_all(op.get_bind())
    append_only.install(op.get_bind())
