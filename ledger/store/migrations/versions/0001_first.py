"""The first schema, as plain SQL per database: frozen, so that it never follows today's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SEPARATOR = "\n-- next\n"


def upgrade() -> None:
    """Create every table, index and trigger."""
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in script.split(SEPARATOR)[1:]:
        connection.exec_driver_sql(
            statement.strip().replace("%", "%%" if connection.dialect.name != "sqlite" else "%")
        )
