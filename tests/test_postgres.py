"""The tests' own PostgreSQL server: found, private, with an empty database for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy

from tests import postgres


def one(url: str, question: str) -> object:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(sqlalchemy.text(question)).scalar()
    finally:
        engine.dispose()


def test_the_database_is_empty_and_answers_on_both_systems(database_url):
    engine = sqlalchemy.create_engine(database_url)
    try:
        assert sqlalchemy.inspect(engine).get_table_names() == []
    finally:
        engine.dispose()
    assert one(database_url, "SELECT '晒账本'") == "晒账本"


def test_a_new_database_sorts_by_code_point_and_is_dropped_for_good(postgres_server):
    url = postgres.new_database(postgres_server)
    name = one(url, "SELECT current_database()")
    facts = "SELECT datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = "
    facts += f"'{name}'"
    assert one(url, facts) == "C UTF8"
    assert one(url, "SELECT 'B' < 'a'") is True
    postgres.drop_database(postgres_server, url)
    assert one(postgres_server.url("postgres"), facts) is None


def test_the_server_listens_on_its_private_socket_only(postgres_server):
    assert one(postgres_server.url("postgres"), "SHOW listen_addresses") == ""
    assert postgres_server.folder.stat().st_mode & 0o777 == 0o700


def test_the_newest_version_is_taken_and_a_machine_without_one_is_told_so(tmp_path: Path):
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    for version in ("9.6", "15"):
        (tmp_path / version / "bin" / "initdb").touch()
    assert postgres.find_programs(path="", debian=tmp_path) == tmp_path / "15" / "bin"
    with pytest.raises(postgres.Unavailable, match="tools/prepare"):
        postgres.find_programs(path="", debian=tmp_path / "empty")


def test_a_failing_program_is_reported_with_its_own_words(tmp_path: Path):
    with pytest.raises(postgres.Unavailable, match="sh failed with status 3:\nno room"):
        postgres._run(None, tmp_path, Path("/bin/sh"), "-c", "echo no room; exit 3")
