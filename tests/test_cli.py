"""The command line: results on standard output, problems on standard error, exit 0 only on success."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

import config
from ledger import cli, demo
from ledger.store.append_only import statements

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(demo.__file__).parent / "files"
COMMANDS = ("init", "demo", "serve", "import", "post", "report", "journal", "archive", "verify")


@pytest.fixture
def empty(tmp_path, monkeypatch) -> Path:
    """An installation without a database, its settings in the environment."""
    for name in ("DATABASE_URL", "MIGRATE_URL", "PUBLIC_URL", "SECRET_KEY"):
        monkeypatch.delenv(config.PREFIX + name, raising=False)
    monkeypatch.setenv("SUNBOOK_DATA_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def installed(empty, demo_file) -> Path:
    """The same with the demonstration."""
    (empty / "instance").mkdir()
    shutil.copyfile(demo_file[0], empty / "instance" / "sunbook.db")
    return empty


def test_init_opens_a_book_and_prints_one_time_passwords_of_three_administrators(empty, capsys):
    assert cli.main(["init", "--book", "county", "--name", "示例县公益直播专账", "--county", "示例县"]) == 0
    printed = capsys.readouterr().out
    assert "sunbook/county/" in printed
    logins = [line.split("\t")[0] for line in printed.splitlines() if "\t" in line]
    assert logins == ["sysadmin-county", "secadmin-county", "auditadmin-county"]
    assert cli.main(["verify", "--book", "county"]) == 0
    capsys.readouterr()
    assert cli.main(["init", "--book", "county", "--name", "x"]) == 1
    assert "已经存在" in capsys.readouterr().err
    assert cli.main(["init", "--book", "login", "--name", "x"]) == 1
    assert "账本代码" in capsys.readouterr().err
    assert cli.main(["init"]) == 0


def test_a_command_without_a_database_says_what_to_do(empty, capsys):
    assert cli.main(["verify"]) == 1
    assert "sunbook init" in capsys.readouterr().err


def test_demo_refuses_a_database_that_holds_anything(installed, capsys):
    assert cli.main(["demo"]) == 1
    assert "空的数据库" in capsys.readouterr().err


def test_a_file_is_imported_by_one_person_and_posted_by_another(installed, capsys):
    sheet = installed / "四月.csv"
    sheet.write_bytes((FILES / "打赏登记表.csv").read_bytes().replace(b"2026-000", b"2026-100"))
    assert cli.main(["import", str(sheet), "--book", "demo", "--as", "recorder", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["reader"], told["rows"], "draft" in told) == ("tip-sheet", 4, False)
    assert cli.main(["import", str(sheet), "--book", "demo", "--as", "recorder", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["entries"], told["unassigned"]) == (True, 0, 4)
    assert cli.main(["import", str(sheet), "--book", "demo", "--as", "recorder", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] is False
    draft = told["draft"]
    assert cli.main(["post", draft, "--book", "demo", "--as", "recorder"]) == 1
    assert "不能审核记账" in capsys.readouterr().err
    assert cli.main(["post", draft, "--book", "demo", "--as", "checker", "--digest", "0" * 64]) == 1
    assert "有改动" in capsys.readouterr().err
    assert cli.main(["post", draft, "--book", "demo", "--as", "checker", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["vouchers"] == []
    assert cli.main(["verify"]) == 0


@pytest.mark.parametrize("user", ["checker", "redcross", "sysadmin", "nobody"])
def test_who_may_not_import_is_refused_and_nothing_is_stored(installed, capsys, user):
    path = str(FILES / "工行对公明细.csv")
    before = (installed / "instance" / "sunbook.db").read_bytes()
    assert cli.main(["import", path, "--book", "demo", "--as", user]) == 1
    assert capsys.readouterr().err.strip()
    assert (installed / "instance" / "sunbook.db").read_bytes() == before


def test_a_damaged_file_is_told_with_row_and_column(installed, capsys):
    bad = installed / "订单.csv"
    bad.write_bytes(
        (FILES / "达人订单明细_百应.csv").read_bytes().replace(b",40.00,10.00%", b",40.005,10.00%", 1)
    )
    assert cli.main(["import", str(bad), "--book", "demo", "--as", "recorder"]) == 1
    assert "2\t成交额\t" in capsys.readouterr().err.replace("成交金额", "成交额")
    assert cli.main(["import", str(installed / "missing.csv"), "--book", "demo", "--as", "recorder"]) == 1
    assert "missing.csv" in capsys.readouterr().err


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK\x03\x04")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_month_is_written_as_a_report(installed, kind, begins, language):
    out = installed / f"month.{kind}"
    given = ["report", "2026-03", "--book", "demo", "--format", kind, "--lang", language, "--out", str(out)]
    assert cli.main(given) == 0
    assert out.read_bytes().startswith(begins)


@pytest.mark.parametrize("month", ["2026-3", "2026-13", "march"])
def test_a_month_that_is_none_is_refused(installed, capsys, month):
    assert cli.main(["report", month, "--book", "demo", "--format", "pdf"]) == 1
    assert "2026-03" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE record SET leaf = zeroblob(32) WHERE idx = 5", 10),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 2 AND idx = 1", 11),
        ("UPDATE posting SET fen = fen + 1 WHERE idx = (SELECT MIN(idx) FROM entry)", 12),
        (
            "UPDATE private_value SET value = x'2278' WHERE commitment = (SELECT MIN(commitment) FROM private_value)",
            13,
        ),
        ("UPDATE blob_chunk SET data = zeroblob(9)", 14),
        ("UPDATE source_row SET cells = '[]' WHERE n = 3", 15),
    ],
)
def test_verify_names_what_is_broken_and_tells_it_by_its_status(installed, capsys, statement, status):
    with sqlite3.connect(installed / "instance" / "sunbook.db") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        triggers = statements("sqlite")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, made in triggers:
            connection.execute(made)
    connection.close()
    assert cli.main(["verify", "--json"]) == status
    answer = capsys.readouterr()
    assert json.loads(answer.out)[0]["sound"] is False
    assert answer.err.startswith("demo: ")


def test_a_trigger_that_is_gone_is_told(installed, capsys):
    with sqlite3.connect(installed / "instance" / "sunbook.db") as connection:
        connection.execute("DROP TRIGGER entry_no_update")
    connection.close()
    assert cli.main(["verify"]) == 17
    assert "entry_no_update" in capsys.readouterr().err
    assert cli.main(["verify", "--log"]) == 0


def test_problems_are_told_in_english_where_the_environment_asks_for_it(installed, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert cli.main(["report", "2026-3", "--book", "demo", "--format", "pdf"]) == 1
    assert "is not a valid month" in capsys.readouterr().err


def test_every_command_and_every_setting_is_in_the_operations_page():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"`sunbook {command}" in page
    assert config.TABLE in page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out
