"""The work of importing 100,000 commission rows, and its floor."""

from __future__ import annotations

import csv
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ledger import demo, intake
from ledger.book import imports, people, roster
from ledger.book.duties import Actor
from ledger.months import CHINA
from ledger.store import schema
from ledger.store.engine import Store, open_store

ROWS = 100_000
ORDERS = "orders.csv"
HEADER = (
    "订单id,商品id,商品名称,店铺名称,订单状态,成交金额,佣金率,总佣金收入,预估佣金收入-达人,"
    "结算佣金收入-达人,技术服务费,订单支付时间,订单结算时间,流量来源"
)
PRODUCTS = (
    ("高山菜籽油5L", "示例县粮油旗舰店", 12800, 640, 64),
    ("蜂蜜500g", "示例县蜂业合作社", 6500, 650, 65),
)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def prepare(folder: Path) -> None:
    """Write the order file and a demonstration database."""
    start = datetime(2026, 3, 3, 20, 0, 5, tzinfo=CHINA)
    with (folder / ORDERS).open("w", encoding="utf-8-sig", newline="") as out:
        out.write(HEADER + "\r\n")
        for n in range(ROWS):
            product, shop, price, total, fee = PRODUCTS[n % 2]
            paid = start + timedelta(seconds=n % 11000)
            settled = datetime(2026, 3, 24, 3, tzinfo=CHINA) + timedelta(seconds=n % 5000)
            net = _yuan(total - fee)
            out.write(
                f"{6931000000001000001 + n * 7}\t,36200000000000000{n % 2}1\t,{product},{shop},订单结算,{_yuan(price)},"
                f"{'5.00' if n % 2 == 0 else '10.00'}%,{_yuan(total)},{net},{net},{_yuan(fee)},"
                f"{paid:%Y-%m-%d %H:%M:%S},{settled:%Y-%m-%d %H:%M:%S},直播\r\n"
            )
    store = open_book(folder / "book.db")
    schema.migrate(store)
    demo.build(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def open_book(database: Path) -> Store:
    """Return the store of one database file."""
    return open_store(f"sqlite:///{database}")


def floor_import(folder: Path) -> None:
    """csv, SHA-256 per row, executemany of the same rows in one durable transaction."""
    target = folder / "floor.db"
    target.unlink(missing_ok=True)
    with (folder / ORDERS).open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))[1:]
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, key TEXT, hash BLOB, cells TEXT)")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO row VALUES (?, ?, ?, ?)",
        (
            (n, row[0], hashlib.sha256(text.encode()).digest(), text)
            for n, row in enumerate(rows)
            for text in (",".join(row),)
        ),
    )
    connection.execute("COMMIT")
    connection.close()


def fresh_book(folder: Path) -> None:
    """Copy the demonstration's database, so that every round imports into the same book."""
    for ending in ("", "-wal", "-shm"):
        (folder / f"import.db{ending}").unlink(missing_ok=True)
    shutil.copy(folder / "book.db", folder / "import.db")


def ours_import(folder: Path) -> None:
    """Read, check, salt, hash, key, deduplicate and store the rows; draft the entry they make; commit."""
    data = (folder / ORDERS).read_bytes()
    settlement = intake.read(data, ORDERS)
    store = open_book(folder / "import.db")
    at = datetime(2026, 4, 2, 9, 0, tzinfo=CHINA)
    actor = _recorder(store)
    with store.transaction("demo") as session:
        idx, new = imports.receive(session, actor, data, ORDERS, settlement, at=at)
        draft = imports.prepare(session, actor, idx, settlement, at=at)
    if not new or len(draft.payload["entries"]) != 1:
        raise RuntimeError("the rows were not imported as expected")


def _recorder(store: Store) -> Actor:
    with store.reading() as session:
        person = people.by_login(session, "recorder")
        if person is None:
            raise RuntimeError("no demonstration")
        return roster.actor(session, "demo", person.person)


def nothing(_folder: Path) -> None:
    """No preparation."""


IMPORTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "floor: csv+sha256+sqlite3": (nothing, floor_import),
    "sunbook import": (fresh_book, ours_import),
}
"""The works of importing: preparation, which is not measured, and the work itself."""
