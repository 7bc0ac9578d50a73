"""The web application: one factory, closed by default.

A request reads the clock once, finds out who asks, and hands both to one use
case inside one transaction; the page is built after the transaction ended.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from ledger.months import china_now
from ledger.store.engine import Store, open_store
from ledger.web import access, errors, filters, sessions
from ledger.web.desk import Desk

ROOT = Path(__file__).resolve().parents[2]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
"""Sent with every response, errors and static files included."""

FORM_PARTS_MAX = 4000
FORM_BYTES_MAX = 2 * 2**20


def create_app(config: Config, store: Store, *, clock: Callable[[], datetime] = china_now) -> Flask:
    """Return the application over a store. `clock` returns the present moment in China time."""
    app = Flask(
        "ledger",
        root_path=str(ROOT / "ledger"),
        static_folder=str(ROOT / "ledger" / "web" / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.extensions["sunbook"] = Desk(config, store, clock)
    _setup_limits(app, config)
    _setup_headers(app, config)
    sessions.setup(app, config)
    errors.setup(app)
    _setup_forms(app, config)
    access.setup(app)
    filters.setup(app)
    _setup_blueprints(app)
    return app


def serve_from(config: Config) -> Flask:
    """Return the application that a server runs: the configured database and the real clock."""
    return create_app(config, open_store(config.database_url))


def _setup_limits(app: Flask, config: Config) -> None:
    """Answer only for our own names, and read only so much."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=config.upload_bytes_max,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        PREFERRED_URL_SCHEME="https" if config.https else "http",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=0)  # type: ignore[method-assign]


def _setup_headers(app: Flask, config: Config) -> None:
    """Put the security headers on every response; nothing but static files may be kept by a browser."""

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a page may be stricter: files.py sandboxes attachments
        if config.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint == "static" and response.status_code < 400:  # noqa: PLR2004 - the first status of an error
            response.headers["Cache-Control"] = "public, max-age=86400"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response


def _setup_forms(app: Flask, config: Config) -> None:
    """Refuse every unsafe request without this session's token."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=config.session_absolute_s,
        # Flask-WTF compares the referrer with the address behind a proxy; SameSite and the token do it.
        WTF_CSRF_SSL_STRICT=False,
    )
    CSRFProtect(app)


def _setup_blueprints(app: Flask) -> None:
    """Register every blueprint found in a module of this package: a subject joins by being here."""
    for found in pkgutil.iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{found.name}")).values():
            if isinstance(value, Blueprint) and value.name not in app.blueprints:
                app.register_blueprint(value)
