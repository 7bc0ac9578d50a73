"""Settings: what is read, what is refused, and the secret that nobody else can read."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[1]
LONG = "a-secret-of-more-than-thirty-two-characters"


def read(folder: Path, **settings: str) -> config.Config:
    return config.from_environment(
        {"SUNBOOK_DATA_DIR": str(folder), **{f"SUNBOOK_{k}": v for k, v in settings.items()}}
    )


def test_without_any_setting_the_database_and_the_secret_lie_in_the_instance_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    found = config.from_environment({})
    assert found.database_url == f"sqlite:///{tmp_path}/instance/sunbook.db"
    assert found.migrate_url == found.database_url
    assert (tmp_path / "instance" / "secret").read_text() == found.secret_key


def test_the_secret_is_long_random_kept_and_readable_by_its_owner_only(tmp_path: Path):
    first, again, elsewhere = read(tmp_path / "a"), read(tmp_path / "a"), read(tmp_path / "b")
    assert len(first.secret_key) >= 64
    assert first.secret_key == again.secret_key != elsewhere.secret_key
    assert stat.S_IMODE((tmp_path / "a" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path):
    read(tmp_path)
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(config.BadSetting, match="600"):
        read(tmp_path)


def test_an_empty_secret_file_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    (tmp_path / "secret").touch(mode=0o600)
    with pytest.raises(config.BadSetting, match="不完整"):
        read(tmp_path)


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path):
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _n: read(tmp_path).secret_key, range(64)))
    assert len(found) == 1


def test_a_secret_given_leaves_no_file_and_must_be_long(tmp_path: Path):
    assert read(tmp_path, SECRET_KEY=LONG).secret_key == LONG
    assert not (tmp_path / "secret").exists()
    with pytest.raises(config.BadSetting, match="SUNBOOK_SECRET_KEY"):
        read(tmp_path, SECRET_KEY="short")


def test_the_secret_is_not_shown_with_the_other_settings(tmp_path: Path):
    assert LONG not in repr(read(tmp_path, SECRET_KEY=LONG))


def test_settings_cannot_be_changed_afterwards(tmp_path: Path):
    found = read(tmp_path)
    with pytest.raises(FrozenInstanceError):
        found.https = True  # type: ignore[misc]


def test_the_public_address_decides_hosts_and_https_unless_they_are_set(tmp_path: Path):
    found = read(tmp_path, PUBLIC_URL="https://sunbook.example.org/")
    assert found.public_url == "https://sunbook.example.org"
    assert found.trusted_hosts[0] == "sunbook.example.org"
    assert found.https
    other = read(
        tmp_path, PUBLIC_URL="https://sunbook.example.org", HTTPS="0", TRUSTED_HOSTS="a.example, b.example"
    )
    assert not other.https
    assert other.trusted_hosts == ("a.example", "b.example")


def test_numbers_are_read_in_their_units(tmp_path: Path):
    found = read(
        tmp_path,
        SESSION_IDLE_MINUTES="15",
        SESSION_HOURS="8",
        UPLOAD_BYTES_MAX="1048576",
        PROXIES="1",
        ARGON2="2,1024,1",
    )
    assert (found.session_idle_s, found.session_absolute_s) == (900, 28_800)
    assert (found.upload_bytes_max, found.proxies) == (1_048_576, 1)
    assert found.password_work == (2, 1024, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "sunbook.example.org"),
        ("PUBLIC_URL", "ftp://sunbook.example.org"),
        ("PUBLIC_URL", "https://sunbook.example.org/?a=1"),
        ("HTTPS", "perhaps"),
        ("PROXIES", "-1"),
        ("PROXIES", "6"),
        ("PROXIES", "１"),
        ("UPLOAD_BYTES_MAX", "12"),
        ("UPLOAD_BYTES_MAX", "1e9"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SESSION_HOURS", "1000"),
        ("ARGON2", "3"),
        ("ARGON2", "0,65536,1"),
        ("ARGON2", "3,4,1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str):
    with pytest.raises(config.BadSetting, match=f"SUNBOOK_{name}"):
        read(tmp_path, **{name: value})


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(config.BadSetting, match="SUNBOOK_DATA_DIR"):
        read(tmp_path / "file" / "instance")


def test_the_table_for_the_documentation_names_every_setting_once():
    names = [name for name, _, _ in config.SETTINGS]
    assert len(names) == len(set(names))
    assert all(config.TABLE.count(f"| `SUNBOOK_{name}` |") == 1 for name in names)
    assert len(config.TABLE.splitlines()) == len(names) + 2


def test_every_setting_in_the_table_changes_something(tmp_path: Path):
    values = {
        "DATA_DIR": str(tmp_path / "elsewhere"),
        "DATABASE_URL": "sqlite:///other.db",
        "MIGRATE_URL": "sqlite:///owner.db",
        "SECRET_KEY": LONG,
        "PUBLIC_URL": "https://a.example",
        "TRUSTED_HOSTS": "a.example",
        "HTTPS": "1",
        "PROXIES": "1",
        "UPLOAD_BYTES_MAX": "2000000",
        "SESSION_IDLE_MINUTES": "5",
        "SESSION_HOURS": "1",
        "ARGON2": "1,8,1",
    }
    assert list(values) == [name for name, _, _ in config.SETTINGS]
    plain = config.from_environment({"SUNBOOK_DATA_DIR": str(tmp_path)})
    for name, value in values.items():
        assert (
            config.from_environment({"SUNBOOK_DATA_DIR": str(tmp_path), f"SUNBOOK_{name}": value}) != plain
        ), name


def test_the_wsgi_module_touches_nothing_until_a_server_asks_for_the_application(tmp_path: Path):
    program = (
        "import os, wsgi; assert not os.path.exists('instance'); app = wsgi.application; "
        "assert os.path.exists('instance/secret'); assert wsgi.application is app; print(type(app).__name__)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in list(environment):
        if name.startswith("SUNBOOK_"):
            del environment[name]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "Flask", done.stderr
