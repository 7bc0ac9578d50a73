"""The application over a copy of the demonstration on a real port, and people at a real browser."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

from config import Config
from ledger import demo
from ledger.months import CHINA
from ledger.store.engine import open_store
from ledger.web import create_app

BEGUN = datetime(2026, 4, 2, 9, 0, tzinfo=CHINA)
"""The morning after the demonstration's last record."""

LAPTOP, PHONE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
AXE = (Path(__file__).parent / "data" / "axe" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Site:
    """A running application: its address, its logins, and the browser that people use."""

    url: str
    logins: dict[str, demo.Login]
    browser: Browser

    @contextmanager
    def at_desk(self, user: str, *, size: ViewportSize = LAPTOP, language: str = "zh") -> Iterator[Page]:
        """Open a browser window and sign in; fail on any error that the page's script reports."""
        context = self.browser.new_context(
            viewport=size, bypass_csp=True, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        try:
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            self._sign_in(page, user)
            if language == "en":
                page.get_by_role("button", name="English").first.click()
            yield page
            assert not errors, errors
        finally:
            context.close()

    def _sign_in(self, page: Page, user: str) -> None:
        page.goto(f"{self.url}/login")
        page.get_by_label("用户名").fill(user)
        page.get_by_label("密码").fill(self.logins[user].password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda address: "/login" not in address)


@contextmanager
def site(path: Path, logins: dict[str, demo.Login], browser: Browser, folder: Path) -> Iterator[Site]:
    """Serve a copy of the demonstration on a free port of this computer until the block ends."""
    shutil.copyfile(path, folder / "live.db")
    store = open_store(f"sqlite:///{folder / 'live.db'}")
    started = datetime.now(tz=CHINA)

    def clock() -> datetime:
        return BEGUN + timedelta(seconds=(datetime.now(tz=CHINA) - started).total_seconds())

    config = Config(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'live.db'}",
        migrate_url="",
        secret_key="a secret of this test only, long enough",
        password_work=(1, 8, 1),
    )
    server = make_server("localhost", 0, create_app(config, store, clock=clock), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://localhost:{server.server_port}", logins, browser)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
        store.engine.dispose()


def faults(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the open page."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
