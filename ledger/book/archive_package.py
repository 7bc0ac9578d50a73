"""A zip that is written as it grows: each file is hashed on its way, the manifest comes last.

Nothing but the list of files stays in memory. The same contents and moment give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from ledger.months import CHINA

MANIFEST, SUMS = "manifest.json", "sha256sums.txt"
PACKED = (".png", ".jpg", ".mp4", ".zip", ".xlsx", ".pdf")
"""Endings of what is compressed already."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of a package: place, size, SHA-256 in hex, and its class of retention."""

    path: str
    size: int
    digest: str
    retention: str


class Package:
    """A package being written to `out`, which need not be seekable; close it with `finish`."""

    def __init__(self, out: IO[bytes], at: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        local = at.astimezone(CHINA)
        self._stamp = (local.year, local.month, local.day, local.hour, local.minute, local.second)
        self.filed: list[Filed] = []

    def add(self, path: str, pieces: Iterable[bytes], retention: str, *, size: int = 0) -> Filed:
        """Write one file piece by piece; `size` where it may be beyond 2 GiB."""
        digest, count = self._write(path, pieces, size)
        self.filed.append(Filed(path, count, digest, retention))
        return self.filed[-1]

    def _write(self, path: str, pieces: Iterable[bytes], size: int = 0) -> tuple[str, int]:
        entry = zipfile.ZipInfo(path, date_time=self._stamp)
        stored = path.endswith(PACKED)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        entry.file_size = size  # decides whether the entry needs 64 bits
        digest, count = hashlib.sha256(), 0
        with self._zip.open(entry, "w") as target:
            for piece in pieces:
                target.write(piece)
                digest.update(piece)
                count += len(piece)
        return digest.hexdigest(), count

    def finish(self) -> None:
        """Write the manifest, and the sums in the form that `sha256sum -c` reads; close the zip."""
        listed = [
            {"path": one.path, "bytes": one.size, "sha256": one.digest, "retention": one.retention}
            for one in self.filed
        ]
        text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
        digest, _ = self._write(MANIFEST, [text.encode()])
        lines = [f"{one.digest}  {one.path}\n" for one in self.filed]
        self._write(SUMS, ["".join([*lines, f"{digest}  {MANIFEST}\n"]).encode()])
        self._zip.close()
