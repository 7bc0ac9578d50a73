r"""Bring the English catalogue up to date: extract the Chinese messages, merge, write the .po and the .mo.

    python tools/words.py [FILE.tsv …]

A .tsv holds a translation per line, `Chinese<TAB>English`, a line break inside
a message written as `\n`. The files written depend on the messages alone (no
date, no line numbers), so the same source always gives the same catalogue.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path("ledger/locale/en/LC_MESSAGES/sunbook.po")
FOLDERS = ("ledger", "reports", "templates")
MODULES = ("config.py", "wsgi.py")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.svg", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**": {"encoding": "utf-8", "silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "translate": None, "ngettext": (1, 2)}
HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")

MessageId = str | tuple[str, ...] | list[str]
"""A message, or the two forms of one that counts something."""


class Words(Catalog):
    """A catalogue whose header says what gettext needs: no dates, no version of the tool."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header lines."""
        return [header for header in super().mime_headers if header[0] in HEADERS]


def extract(root: Path) -> dict[MessageId, list[str]]:
    """Return each marked message below `root` with the files that it stands in."""
    found: dict[MessageId, list[str]] = {}
    for place, message in marked(root):
        files = found.setdefault(message, [])
        if place not in files:
            files.append(place)
    return found


def marked(root: Path) -> Iterator[tuple[str, MessageId]]:
    """Yield (file, message) of each mark, in folders and in the modules at the top."""
    for folder in FOLDERS:
        messages = extract_from_dir(root / folder, METHODS, OPTIONS, KEYWORDS, comment_tags=())
        for name, _line, message, _comments, _context in messages:
            yield f"{folder}/{Path(name).as_posix()}", message
    for name in MODULES:
        if (root / name).exists():
            for _line, message, _comments, _context in extract_from_file("python", root / name, KEYWORDS):
                yield name, message


def load(root: Path) -> Catalog:
    """Read the catalogue, an empty one where there is none yet."""
    file = root / CATALOGUE
    if not file.exists():
        return Catalog(locale="en")
    with file.open("rb") as stream:
        return read_po(stream, locale="en", abort_invalid=True)


def read_tsv(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (Chinese, English) of each line; a line of another form ends the program with its place."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.replace("\\n", "\n") for cell in line.split("\t")]
        if len(cells) != 2 or not all(cells):  # noqa: PLR2004 - Chinese and English
            raise SystemExit(f"{file}:{number}: expected Chinese, a tab, English: {line!r}")
        yield cells[0], cells[1]


def merge(messages: dict[MessageId, list[str]], old: Catalog, given: dict[str, str]) -> Catalog:
    """Return the catalogue of exactly these messages; a given translation wins over the old one."""
    catalogue = Words(locale="en", fuzzy=False)
    catalogue.header_comment = "# English words of Sunbook; the Chinese ones stand in the source."
    for message in sorted(messages, key=lambda one: (one,) if isinstance(one, str) else one):
        before = old.get(message)
        plural = not isinstance(message, str)
        kept = before.string if before and not before.fuzzy else ("", "") if plural else ""
        places = [(file, 0) for file in sorted(messages[message])]
        catalogue.add(message, kept if plural else given.get(str(message), kept), locations=places)
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the .po of a catalogue."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=0, include_lineno=False, sort_output=True)
    return stream.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the .mo of a catalogue; fuzzy entries are left out."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def untranslated(catalogue: Catalog) -> list[MessageId]:
    """Return the messages that have no translation, or not all plural forms, or a fuzzy one."""
    return [one.id for one in catalogue if one.id and (one.fuzzy or not all(forms(one.string)))]


def forms(text: MessageId | None) -> tuple[str, ...]:
    """Return a message or a translation as its plural forms (one, when it has no plural)."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def main(arguments: list[str]) -> int:
    """Update the catalogue; print what is missing. The exit status is 0 only when nothing is."""
    given: dict[str, str] = {}
    for name in arguments:
        for chinese, english in read_tsv(Path(name)):
            if given.setdefault(chinese, english) != english:
                print(f"{name}: a second translation, not taken: {chinese} → {english}", file=sys.stderr)
    messages = extract(ROOT)
    catalogue = merge(messages, load(ROOT), given)
    file = ROOT / CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(po_bytes(catalogue))
    file.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
    missing, unused = untranslated(catalogue), sorted(set(given) - set(messages))
    for name in unused:
        print(f"not in the source: {name}", file=sys.stderr)
    for message in missing:
        print(f"no English: {message} ({', '.join(sorted(messages[message]))})", file=sys.stderr)
    print(
        f"{len(messages)} messages, {len(missing)} without English, {len(unused)} given but not in the source"
    )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
