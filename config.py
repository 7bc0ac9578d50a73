"""Settings: read once from the environment (prefix SUNBOOK_) into a frozen value.

Nothing else reads the environment. There is no built-in secret: without
SUNBOOK_SECRET_KEY a random one is made in the data folder, readable by its
owner only.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ledger.errors import Invalid
from ledger.words import N_

PREFIX = "SUNBOOK_"
SECRET_FILE = "secret"  # noqa: S105 - the name of the file, not what is in it
SECRET_MIN = 32
DATABASE_FILE = "sunbook.db"
ARGON2 = (3, 65536, 1)
LOCAL_HOSTS = ("localhost", "127.0.0.1")

SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("DATA_DIR", "`./instance`", "folder of the SQLite database and of the secret"),
    ("DATABASE_URL", "SQLite `sunbook.db` in the data folder", "SQLAlchemy address of the database"),
    ("MIGRATE_URL", "as the database", "the same database for the role that owns its tables"),
    ("SECRET_KEY", "random, kept in the data folder, mode 0600", "signs form tokens; at least 32 characters"),
    ("PUBLIC_URL", "empty", "address under which people reach the application; printed in the QR code"),
    (
        "TRUSTED_HOSTS",
        "host of the public address, this computer",
        "names that are answered, with commas between",
    ),
    ("HTTPS", "`1` if the public address is https", "Secure cookies with the `__Host-` prefix, and HSTS"),
    ("PROXIES", "`0`", "number of reverse proxies whose `X-Forwarded-For` is believed"),
    ("UPLOAD_BYTES_MAX", "`33554432`", "largest request, in bytes (32 MiB)"),
    ("SESSION_IDLE_MINUTES", "`30`", "a session ends after this long without a click"),
    ("SESSION_HOURS", "`12`", "a session ends after this long in any case"),
    ("ARGON2", "`3,65536,1`", "work of hashing a password: passes, memory in KiB, lanes"),
)
"""Every setting: name without the prefix, default, meaning. What is not here is not read."""

TABLE = "\n".join(
    (
        "| setting | default | meaning |",
        "|---|---|---|",
        *(f"| `{PREFIX}{name}` | {default} | {meaning} |" for name, default, meaning in SETTINGS),
    )
)
"""The settings as the documentation shows them."""


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation decides. Times in seconds, sizes in bytes."""

    data_dir: Path
    database_url: str
    migrate_url: str
    secret_key: str = field(repr=False)
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = LOCAL_HOSTS
    https: bool = False
    proxies: int = 0
    upload_bytes_max: int = 32 * 2**20
    session_idle_s: int = 30 * 60
    session_absolute_s: int = 12 * 3600
    password_work: tuple[int, int, int] = ARGON2
    """Argon2id: passes, memory in KiB, lanes (RFC 9106)."""


class BadSetting(Invalid):
    """A setting has a value that cannot be used."""


def from_environment(environ: Mapping[str, str]) -> Config:
    """Return the settings in `environ`; raise BadSetting, naming the setting that is wrong.

    Makes the data folder and the secret in it where they are missing.
    """
    given = {name: environ.get(PREFIX + name, "").strip() for name, _, _ in SETTINGS}
    data_dir = Path(given["DATA_DIR"] or "instance").absolute()
    _make_folder(data_dir)
    database_url = given["DATABASE_URL"] or f"sqlite:///{data_dir / DATABASE_FILE}"
    public_url = _public_url(given["PUBLIC_URL"])
    return Config(
        data_dir=data_dir,
        database_url=database_url,
        migrate_url=given["MIGRATE_URL"] or database_url,
        secret_key=_secret(given["SECRET_KEY"], data_dir),
        public_url=public_url,
        trusted_hosts=_trusted_hosts(given["TRUSTED_HOSTS"], public_url),
        https=_switch("HTTPS", given["HTTPS"], default=public_url.startswith("https://")),
        proxies=_number("PROXIES", given["PROXIES"], 0, least=0, most=5),
        upload_bytes_max=_number(
            "UPLOAD_BYTES_MAX", given["UPLOAD_BYTES_MAX"], 32 * 2**20, least=2**20, most=2**30
        ),
        session_idle_s=60
        * _number("SESSION_IDLE_MINUTES", given["SESSION_IDLE_MINUTES"], 30, least=1, most=24 * 60),
        session_absolute_s=3600 * _number("SESSION_HOURS", given["SESSION_HOURS"], 12, least=1, most=7 * 24),
        password_work=_password_work(given["ARGON2"]),
    )


def _make_folder(folder: Path) -> None:
    """Make the data folder, for its owner only."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _bad("DATA_DIR", str(folder), error.strerror or "") from None


def _secret(given: str, data_dir: Path) -> str:
    """Return the secret given, else the one in the data folder, made at the first start."""
    if given:
        if len(given) < SECRET_MIN:
            raise BadSetting(
                N_("设置 {name} 太短：至少 {count} 个字符。"), name=PREFIX + "SECRET_KEY", count=SECRET_MIN
            )
        return given
    path = data_dir / SECRET_FILE
    try:
        _make_secret(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadSetting(N_("文件 {path} 别人也能读，请改为只有本人可读（chmod 600）。"), path=str(path))
        return _read_secret(path)
    except OSError as error:
        raise _bad("DATA_DIR", str(data_dir), error.strerror or "") from None


def _make_secret(path: Path) -> None:
    """Write a new secret; the one that another process made first stays."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


def _read_secret(path: Path) -> str:
    """Return the secret; wait a moment for a process that is just writing it."""
    for _ in range(20):
        found = path.read_text("ascii").strip()
        if len(found) >= SECRET_MIN:
            return found
        time.sleep(0.05)
    raise BadSetting(N_("文件 {path} 不完整，请删除后重新启动。"), path=str(path))


def _public_url(given: str) -> str:
    """Return the public address without a slash at its end."""
    parts = urlsplit(given)
    if given and (
        parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    ):
        raise _bad("PUBLIC_URL", given, "https://…")
    return given.rstrip("/")


def _trusted_hosts(given: str, public_url: str) -> tuple[str, ...]:
    """Return the host names that are answered, without ports."""
    if given:
        return tuple(name.strip() for name in given.split(",") if name.strip())
    host = urlsplit(public_url).hostname if public_url else None
    return (*([host] if host else []), *LOCAL_HOSTS)


def _switch(name: str, given: str, *, default: bool) -> bool:
    """Return a setting that is on or off."""
    words = {"": default, "1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if given.lower() not in words:
        raise _bad(name, given, "1 / 0")
    return words[given.lower()]


def _number(name: str, given: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between two bounds."""
    if not given:
        return default
    if not re.fullmatch(r"[0-9]{1,12}", given, re.ASCII) or not least <= int(given) <= most:
        raise _bad(name, given, f"{least}…{most}")
    return int(given)


def _password_work(given: str) -> tuple[int, int, int]:
    """Return the work of hashing a password from `passes,memory in KiB,lanes`."""
    if not given:
        return ARGON2
    if not re.fullmatch(r"[0-9]{1,3},[0-9]{1,8},[0-9]{1,2}", given, re.ASCII):
        raise _bad("ARGON2", given, "3,65536,1")
    passes, memory_kib, lanes = (int(number) for number in given.split(","))
    if not passes or not lanes or memory_kib < 8 * lanes:
        raise _bad("ARGON2", given, "3,65536,1")
    return passes, memory_kib, lanes


def _bad(name: str, given: str, wanted: str) -> BadSetting:
    return BadSetting(
        N_("设置 {name} 不能用“{given}”：{wanted}"), name=PREFIX + name, given=given[:80], wanted=wanted
    )
