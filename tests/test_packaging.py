"""What is shipped: a wheel with every file the program needs, that runs away from the checkout.

Built from a clean copy of the checkout by way of the source archive, without
network: the build and the libraries are those of the environment the tests
run in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ledger", "reports", "templates")
MODULES = ("config.py", "wsgi.py")
PLANTED = "templates/planted.unlisted"
"""A file of a kind that setup.cfg does not name: it must be found missing from the wheel."""


def environment() -> dict[str, str]:
    """The process environment without what would point the program back to a checkout or a real book."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SUNBOOK_", "PYTHON"))}


def run(*command: str | Path, folder: Path) -> str:
    """Run a program in `folder`; the test fails with all it said unless it succeeds."""
    done = subprocess.run(command, check=False, cwd=folder, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the checkout that Git keeps or would keep, and one planted file."""
    target = tmp_path_factory.mktemp("copy")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    (target / PLANTED).write_text("planted", "utf-8")
    return target


@pytest.fixture(scope="module")
def dist(copy: Path) -> Path:
    """The folder with the source archive and the wheel that was built from it."""
    run(sys.executable, "-m", "build", "--no-isolation", folder=copy)
    return copy / "dist"


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("sunbook-*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment that holds the wheel and borrows the libraries of this one."""
    target = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(target, with_pip=False, symlinks=True)
    python = target / "bin" / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        folder=target,
    )
    (packages,) = target.glob("lib/python*/site-packages")
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(libraries), "utf-8")
    return python.parent


def test_the_wheel_holds_every_file_of_the_program_and_the_check_sees_a_missing_one(copy: Path, wheel: Path):
    wanted = {
        file.relative_to(copy).as_posix()
        for folder in FOLDERS
        for file in (copy / folder).rglob("*")
        if file.is_file()
    } | set(MODULES)
    held = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - held == {PLANTED}
    kinds = {Path(name).suffix for name in held}
    assert {".html", ".css", ".ttf", ".mo", ".json", ".mako"} <= kinds


def test_the_wheel_holds_nothing_else(wheel: Path):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    (metadata,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops == {*FOLDERS, *MODULES, metadata}


def test_the_source_archive_holds_the_licence_and_what_a_build_reads(dist: Path):
    (archive,) = dist.glob("sunbook-*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    assert {"LICENSE", "README.md", "setup.cfg", "pyproject.toml", *MODULES} <= held


def test_the_installed_program_is_the_wheel_and_not_the_checkout(programs: Path, tmp_path: Path):
    where = "import ledger, reports, config, wsgi; print(ledger.__file__, reports.__file__, config.__file__)"
    for place in run(programs / "python", "-c", where, folder=tmp_path).split():
        assert Path(place).is_relative_to(programs.parent)


def test_the_installed_program_explains_itself(programs: Path, tmp_path: Path):
    said = run(programs / "sunbook", "--help", folder=tmp_path)
    for command in ("init", "demo", "serve", "import", "post", "report", "verify"):
        assert command in said


def test_the_installed_program_fills_verifies_and_reports_the_demonstration_book(
    programs: Path, tmp_path: Path
):
    logins = json.loads(run(programs / "sunbook", "demo", "--json", folder=tmp_path))
    assert {"recorder", "checker", "accountant", "redcross", "charity", "discipline"} <= {
        login["user"] for login in logins
    }
    run(programs / "sunbook", "verify", folder=tmp_path)
    for kind, opening in (("pdf", b"%PDF-"), ("xlsx", b"PK\x03\x04")):
        out = tmp_path / f"month.{kind}"
        run(
            *(programs / "sunbook", "report", "2026-03", "--book", "demo", "--format", kind, "--out", out),
            folder=tmp_path,
        )
        assert out.read_bytes().startswith(opening)
