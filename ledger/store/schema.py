"""Creating and migrating a database with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ledger.store.engine import Store

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def migrate(store: Store, revision: str = "head") -> None:
    """Bring the database to `revision`, in one transaction."""
    with store.transaction() as session:
        config = _config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, revision)


def is_current(store: Store) -> bool:
    """Say whether the database has the newest schema."""
    with store.reading() as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
