"""Check an archive package (核对电子会计档案包) with nothing but Python: no Sunbook, no database, no network.

用法：在解压后的文件夹里运行  python3 verify.py  [以前记下的条数  以前记下的根]
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = ("manifest.json", "sha256sums.txt")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def files(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the files: missing, changed, or not named by the manifest."""
    listed = {item["path"]: item for item in json.loads((folder / MANIFEST[0]).read_text("utf-8"))}
    for path, item in listed.items():
        place = folder / path
        if not place.is_file():
            yield f"缺少文件：{path}"
        elif place.stat().st_size != item["bytes"] or digest(place) != item["sha256"]:
            yield f"文件被改动：{path}"
    for place in sorted(folder.rglob("*")):
        name = place.relative_to(folder).as_posix()
        if place.is_file() and name not in listed and name not in MANIFEST:
            yield f"清单里没有的文件：{name}"


def root(leaves: list[bytes]) -> bytes:
    """Return the RFC 6962 root over leaf hashes, in one pass: subtrees of equal size are joined as they meet."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, value = 1, leaf
        while stack and stack[-1][0] == size:
            before, left = stack.pop()
            size, value = size + before, hashlib.sha256(b"\x01" + left + value).digest()
        stack.append((size, value))
    if not stack:
        return hashlib.sha256().digest()
    value = stack.pop()[1]
    while stack:
        value = hashlib.sha256(b"\x01" + stack.pop()[1] + value).digest()
    return value


def log(folder: Path, size: int, expected: str) -> Iterator[str]:
    """Yield what is wrong with the records: their number, their order, the root over the first `size`."""
    leaves: list[bytes] = []
    with (folder / "records" / "records.jsonl").open("rb") as lines:
        for index, line in enumerate(lines):
            data = line.removesuffix(b"\n")
            if json.loads(data)["index"] != index:
                yield f"第 {index} 行记录的序号不对"
                return
            leaves.append(hashlib.sha256(b"\x00" + data).digest())
    if len(leaves) < size:
        yield f"记录只有 {len(leaves)} 条，应有 {size} 条"
    elif root(leaves[:size]).hex() != expected.lower():
        yield f"前 {size} 条记录的根与应有的根不同"


def main(folder: Path, given: list[str]) -> int:
    """Check a package that was unpacked in `folder`; return the exit status."""
    told: dict[str, Any] = json.loads((folder / "metadata.json").read_text("utf-8"))["log"]
    wrong = [*files(folder), *log(folder, told["size"], told["root"])]
    if given:
        wrong += log(folder, int(given[0]), given[1])
    for line in wrong:
        sys.stdout.write(f"{line}\n")
    sound = f"通过：文件齐全、未改动；账本 {told['size']} 条记录，根 {told['root']}\n"
    sys.stdout.write("不通过。\n" if wrong else sound)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, sys.argv[1:]))
