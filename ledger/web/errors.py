"""What goes wrong becomes a page: a sentence in the reader's language and a way back, never a stack."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ledger.errors import Broken, Conflict, Forbidden, Invalid, NotFound, Problem, SunbookError
from ledger.web.language import language
from ledger.words import N_, translate

LOGGER = logging.getLogger("sunbook.web")

STATUS: tuple[tuple[type[SunbookError], int], ...] = (
    (Invalid, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Broken, 500),
    (SunbookError, 400),
)
"""The status of each kind of error; the first that fits."""

TITLES = {
    400: N_("请检查填写的内容"),
    401: N_("请先登录"),
    403: N_("您没有这项权限"),
    404: N_("没有这个页面"),
    405: N_("这个操作方式不对"),
    409: N_("内容已经变了"),
    413: N_("文件太大"),
    429: N_("请稍后再试"),
    500: N_("系统出错了"),
}
SENTENCES = {
    400: N_("服务器看不懂这个请求。请返回上一页重试。"),
    401: N_("请登录后再试。"),
    403: N_("您没有这项权限。需要时请联系安全管理员。"),
    404: N_("没有这个页面。地址可能写错了，或者您不在这个账本里。"),
    405: N_("这个地址不能这样使用。请从页面上的按钮进入。"),
    413: N_("上传的内容太大，最多 {megabytes} MB。请压缩图片或分成几个文件。"),
}
FORM_EXPIRED = N_(
    "这个页面打开太久，或者您已在别处退出登录，没有保存任何内容。请返回上一页，刷新后重新提交。"
)
UNKNOWN_HOST = N_("本服务器不认识地址“{host}”。请管理员在设置 {name} 中加入它。")
UNEXPECTED = N_("系统出错了，您的操作没有保存。请稍后重试；如果还不行，请把编号 {number} 告诉系统管理员。")
BROKEN = N_("账本的存储内容与它自己的证明不符，已停止。请立即通知系统管理员和审计管理员，编号 {number}。")


def setup(app: Flask) -> None:
    """Register the pages for errors."""
    app.register_error_handler(SunbookError, _ours)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str, *, problems: tuple[Problem, ...] = (), title: str = "") -> Response:
    """Return the page of an error: `sentence` is already in the reader's language."""
    known = title or TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])  # noqa: PLR2004
    shown = render_template(
        "errors/error.html",
        status=status,
        title=translate(known, language()),
        sentence=sentence,
        problems=problems,
        back=_way_back(),
    )
    return make_response(shown, status)


def _ours(error: SunbookError) -> Response:
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    if isinstance(error, Broken):
        number = _log(error)
        return page(status, f"{error.text(language())} {_say(BROKEN, number=number)}")
    problems = error.problems if isinstance(error, Invalid) else ()
    return page(status, error.text(language()), problems=problems)


def _form_expired(_error: CSRFError) -> Response:
    return page(400, _say(FORM_EXPIRED), title=N_("页面已过期"))


def _http(error: HTTPException) -> Response:
    """Show the errors of Flask itself in plain words; a redirect passes as it is."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - redirects
        return make_response(error.get_response())
    if request.routing_exception is error and status == 400:  # noqa: PLR2004
        # No page: with an unknown host Flask can build no address, and `request.host` raises.
        given = request.headers.get("Host", "")[:80]
        sentence = _say(UNKNOWN_HOST, host=given, name="SUNBOOK_TRUSTED_HOSTS")
        return Response(sentence, 400, mimetype="text/plain")
    if status >= 500:  # noqa: PLR2004
        return page(status, _say(UNEXPECTED, number=_log(error)))
    limit = (request.max_content_length or 0) // 2**20
    response = page(status, _say(SENTENCES.get(status, SENTENCES[400]), megabytes=limit))
    for name, value in error.get_response().headers.items():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    """Log once with a number, and show only the number."""
    return page(500, _say(UNEXPECTED, number=_log(error)))


def _log(error: BaseException) -> str:
    number = secrets.token_hex(4)
    LOGGER.error("error %s in %s %r", number, request.method, request.path, exc_info=error)
    return number


def _say(message: str, **values: str | int) -> str:
    return translate(message, language()).format(**values)


def _way_back() -> str:
    """Return the page to go back to: the one the form was on, else the home page."""
    referrer = request.referrer or ""
    base = request.host_url
    if referrer.startswith(base) and referrer != request.url:
        return referrer[len(base) - 1 :]
    return "/"
