"""Error pages: what happened and what to do next, in Chinese, never a stack trace."""

from urllib.parse import quote

import structlog
from litestar import MediaType, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from db.errors import StorageBusy, StorageDown, StorageFull, StorageReadOnly, StorageUnavailable, of_a_disk, translation
from rules.errors import RuleBroken
from rules.permissions import Actor, Permission, Role
from web.confirmation import CONFIRM, LOCK, ConfirmFirst, ask_for_password
from web.gate import Scope
from web.guards import StaleForm
from web.render import csrf_token, environment
from web.request import StationRequest

log = structlog.get_logger()

SENTENCES: dict[int, tuple[str, str]] = {
    400: ("没看懂这个请求", "网址或者填写的内容里有乱码。请返回上一页重新填写，或者回到首页。"),
    401: ("请先登录", "登录后才能看这一页。"),
    403: ("您不能做这件事", "您的账号没有这项权限。需要办理的，请找驿站负责人。"),
    404: ("没有找到", "这一页不存在，或者不在您能看的范围里。请检查网址，或者回到首页。"),
    405: ("这样打开不行", "这个网址不能这样打开。请从页面上的按钮进入。"),
    408: ("网络太慢", "内容没有传完。请检查网络后再试一次。"),
    410: ("这条信息已过期", "请看看别的。"),
    413: ("内容太大", "上传的文件最大10 MB，文字也不要太长。请按“后退”回到刚才的页面（填过的都在），减小后再试一次。"),
    422: ("填写的内容不对", "请按提示修改后再提交。"),
    429: ("试得太多了", "请过5分钟再试。一直不行的，请找驿站负责人。"),
    500: ("系统出错了", "我们已经记下这个错误。请稍后再试，急事请打驿站电话。"),
    503: ("系统正忙", "请过几秒再试一次，刚才的内容没有保存。"),
}

NOT_SAVED: tuple[tuple[type[StorageUnavailable], str, str, str], ...] = (
    (
        StorageFull,
        "磁盘已满",
        "磁盘已满，现在不能保存，查看不受影响。请告诉管理员。",
        "磁盘已满，这次没有保存。刚才填写的内容还在页面上，请告诉管理员后再提交。",
    ),
    (
        StorageReadOnly,
        "现在只能查看",
        "系统现在只能查看，不能保存。请告诉管理员。",
        "系统现在只能查看，这次没有保存。刚才填写的内容还在页面上，请告诉管理员后再提交。",
    ),
    (StorageBusy, *SENTENCES[503], "这次没有保存。刚才填写的内容还在页面上，请过几秒再提交一次。"),
    (
        StorageUnavailable,
        "系统暂时不能用",
        "数据库没有回应。请稍后再试；一直不行的，请告诉管理员，急事请打驿站电话。",
        "数据库没有回应，这次没有保存。刚才填写的内容还在页面上，请稍后再提交；一直不行的，请告诉管理员。",
    ),
)
"""What a page says when nothing could be saved: kind of error, title, without and with something typed."""

NO_COOKIES = "如果又看到这一页，是浏览器没有允许“Cookie”：请在浏览器设置里允许，或者换一个浏览器；也可以直接到驿站办理。"
"""Added for a browser that sent none of our cookies: without them no form of ours can be taken."""


def error_html(status: int, *, message: str = "", title: str = "", keep: list[tuple[str, str]] | None = None, **context: object) -> str:
    """The error page of a status. `keep` are the typed fields of a form that could not be taken, to send again."""
    own_title, sentence = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    return (
        environment()
        .get_template("errors/error.html")
        .render(status=status, title=title or own_title, sentence=message or sentence, keep=keep or [], **context)
    )


def gate_error_page(_: Scope, status: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The error page for requests that never reach a handler."""
    return error_html(status).encode(), [(b"content-type", b"text/html; charset=utf-8")]


def sign_in_address(path: str) -> str:
    """Where somebody signs in who wanted `path`: a worker by phone and PIN, an employer by password, staff at the desk."""
    if path == "/me" or path.startswith(("/me/", "/jobs/")):
        return "/me/sign-in"
    return "/employer/sign-in" if path == "/employer" or path.startswith("/employer/") else "/sign-in"


def step_address(request: StationRequest) -> str:
    """Where an unfinished sign-in goes on, "" for a finished one; an employer sets the own password on a page of its own."""
    if request.step is None:
        return ""
    return "/employer/password" if request.holder and request.holder.role is Role.EMPLOYER else f"/sign-in/{request.step}"


def home_of(actor: Actor) -> str:
    """Where somebody is at home after signing in."""
    homes = ((Permission.DESK, "/desk"), (Permission.ME, "/me"), (Permission.EMPLOYER_HOME, "/employer"))
    return next((home for permission, home in homes if actor.may(permission)), "/supervision")


def _answer(status: int, html: str) -> Response[str]:
    return Response(html, status_code=status, media_type=MediaType.HTML, headers={"vary": "HX-Request, Cookie"})


def http_error(request: StationRequest, error: HTTPException) -> Response:
    """The page for an HTTP error; a visitor who must sign in is sent there, a form that came too late is kept."""
    status = error.status_code
    if status in (401, 403) and (unavailable := request.scope["state"].get("unavailable")):
        return storage_error(request, unavailable)  # who asks could not be looked up
    if status == 401 and (request.locked or isinstance(error, ConfirmFirst)):
        return ask_for_password(request, LOCK if request.locked else CONFIRM)
    keep: list[tuple[str, str]] = []
    if request.method == "POST" and (status == 401 or isinstance(error, StaleForm)):
        keep = request.scope["state"].get("kept_fields", [])
    if status == 401 and request.wants_fragment:
        return Response(None, status_code=401, headers={"HX-Redirect": step_address(request) or sign_in_address(request.url.path)})
    if status == 401 and request.method == "GET":
        where = step_address(request) or sign_in_address(request.url.path)
        return Redirect(f"{where}?next={request.url.path}", status_code=303)
    if isinstance(error, StaleForm):
        cookies = "" if request.token_binding else NO_COOKIES
        html = error_html(
            403,
            message=("页面放得太久，或者您重新登录过，这张表单已经失效。填过的内容都在，请按下面的按钮再提交一次。" + cookies)
            if keep
            else "页面放得太久，或者您重新登录过。请返回上一页，刷新后再提交。" + cookies,
            keep=keep,
            action=request.url.path,
            token=csrf_token(request),
        )
        return _answer(403, html)
    if status == 401:
        html = error_html(
            401,
            message="您已经退出登录。填过的内容还在这一页：请先在新窗口登录，再回来按“再提交一次”。",
            keep=keep,
            action=request.url.path,
            token="",
            sign_in=sign_in_address(request.url.path),
        )
        return _answer(401, html)
    actor = request.signed_in
    home = home_of(actor) if actor else ""
    return _answer(status, error_html(status, home=home))


def rule_error(request: StationRequest, broken: RuleBroken) -> Response[str]:
    """A rule that refused outside a form: the sentence on a page of its own."""
    return _answer(422, error_html(422, message=broken.message))


def storage_error(request: StationRequest, error: Exception) -> Response[str]:
    """Nothing could be saved: why, what to do, and everything typed (passwords excepted) to send again; 503.

    What was typed carries its form token, so that it is still saved once. A fragment's answer says the sentence in a header,
    which the page shows above its form.
    """
    log.warning("storage", error=type(error).__name__)
    keep = request.scope["state"].get("kept_fields", []) if request.method == "POST" else []
    title, plain, with_typing = next(words for kind, *words in NOT_SAVED if isinstance(error, kind))
    sentence = with_typing if keep or (request.wants_fragment and request.method == "POST") else plain
    if keep and request.headers.get("content-type", "").startswith("multipart/form-data"):
        sentence += "上传的文件要重新选。"
    context = {"action": request.url.path, "token": csrf_token(request)} if keep else {}
    answer = _answer(503, error_html(503, title=title, message=sentence, keep=keep, **context))
    answer.headers["x-said"] = quote(sentence)
    answer.headers["retry-after"] = "5" if isinstance(error, StorageBusy) else "60"
    answer.headers["cache-control"] = "no-store"
    return answer


def system_error(request: StationRequest, error: OSError) -> Response[str]:
    """A disk that is full or may only be read, met outside the database (a paper, a scan); anything else is a fault of ours."""
    if of_a_disk(error):
        return storage_error(request, translation(error) or error)
    return unexpected_error(request, error)


def unexpected_error(request: StationRequest, error: Exception) -> Response[str]:
    """A fault of ours: logged by kind and place, never with what people typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    log.error("unexpected", error=type(error).__name__, place=place)
    return _answer(500, error_html(500))


EXCEPTION_HANDLERS = {
    HTTPException: http_error,
    RuleBroken: rule_error,
    StorageBusy: storage_error,
    StorageDown: storage_error,
    OSError: system_error,
    Exception: unexpected_error,
}
