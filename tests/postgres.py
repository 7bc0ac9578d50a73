"""A PostgreSQL server of the tests' own, from the system's programs, on a Unix socket only.

It lives in one short temporary folder and is gone with it. Nothing is made
durable: a test that pulls the plug does so on SQLite.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",  # a container's /dev/shm may be tiny
    "max_connections": "60",
    "timezone": "Asia/Shanghai",
}
_numbers = count(1)


class Unavailable(Exception):
    """PostgreSQL cannot be started here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `folder` holds its data and its socket."""

    folder: Path
    programs: Path

    def url(self, database: str) -> str:
        """Return the address of a database as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction, in the maintenance database."""
        with psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


def find_programs(path: str | None = None, debian: Path = DEBIAN) -> Path:
    """Return the folder of initdb and pg_ctl: from `path` (default PATH), else Debian's newest version."""
    found = shutil.which("initdb", path=path)
    if found and (Path(found).resolve().parent / "pg_ctl").exists():
        return Path(found).resolve().parent
    versions = [folder for folder in debian.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        raise Unavailable(f"initdb is neither in PATH nor under {debian}: run tools/prepare")
    return max(versions, key=lambda folder: [int(part) for part in folder.parent.name.split(".")])


def unprivileged() -> tuple[int, int] | None:
    """Return (user, group) to run as, or None to stay as we are: the server refuses to be root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise Unavailable("there is neither a user postgres nor nobody that the database server could run as")


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server in an own temporary folder; stop it and remove the folder at the end."""
    programs, rights = find_programs(), unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="sunbook-pg-", dir="/tmp"))
    try:
        if rights:
            os.chown(folder, *rights)
        data = str(folder / "data")
        _run(rights, folder, programs / "initdb", "--pgdata", data, "--username", SUPERUSER,
             "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        options = " ".join(f"-c {name}={value or repr('')}" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories={folder}"
        control = programs / "pg_ctl"
        log = str(folder / "log")
        _run(rights, folder, control, "start", "--wait", "--pgdata", data, "--log", log, "--options", options)
        try:
            yield Server(folder, programs)
        finally:
            _run(rights, folder, control, "stop", "--wait", "--mode", "immediate", "--pgdata", data)
    finally:
        shutil.rmtree(folder)


def new_database(running: Server) -> str:
    """Create an empty database (UTF-8, C collation) and return its address for SQLAlchemy."""
    name = f"test_{next(_numbers)}"
    running.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    return running.url(name)


def drop_database(running: Server, url: str) -> None:
    """Drop a database that `new_database` made, whoever is still connected."""
    name = url.partition("?")[0].rpartition("/")[2]
    running.run(f"DROP DATABASE {name} WITH (FORCE)")


def _run(rights: tuple[int, int] | None, folder: Path, program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs in `folder`; a failure is raised with what it and the log say."""
    user, group = rights or (None, None)
    with (folder / "out").open("wb") as out:
        done = subprocess.run(
            [program, *arguments],
            check=False,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            user=user,
            group=group,
            extra_groups=[] if rights else None,
        )
    if done.returncode:
        files = [folder / name for name in ("out", "log")]
        said = "\n".join(file.read_text("utf-8", "replace") for file in files if file.exists())
        raise Unavailable(f"{program.name} failed with status {done.returncode}:\n{said}")
