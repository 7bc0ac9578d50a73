"""Tables of reconciliation, spending and the close, and the rule that a closed month stays closed."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

SEPARATOR = "\n-- next\n"


def upgrade() -> None:
    """Create the new tables, indexes and triggers; nothing that is there is touched."""
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0002_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in script.split(SEPARATOR)[1:]:
        connection.exec_driver_sql(
            statement.strip().replace("%", "%%" if connection.dialect.name != "sqlite" else "%")
        )
