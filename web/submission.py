"""Saving a form exactly once: the action, the memory of its token and the answer in one transaction."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from litestar import Response

from db.actions.accounts import remember_submission
from db.errors import ConstraintViolated
from db.queries.accounts import earlier_location
from db.transaction import transact
from rules.errors import RuleBroken
from web.forms.base import PageForm
from web.render import done
from web.request import StationRequest

T = TypeVar("T")


async def submit(
    request: StationRequest,
    form: PageForm,
    act: Callable[[], Awaitable[T]],
    *,
    to: Callable[[T], str],
    said: str = "",
    answer: Callable[[T], Response[Any]] | None = None,
) -> Response[Any] | None:
    """Run `act` once for this form's token and go on to `to(result)`; None when a rule refuses (it is then on the form).

    With `answer` its page is shown instead, for what is shown once only. A second submit of the same form answers with the
    first one's address and does nothing.
    """
    token = form.form_token.data or ""
    if token and (location := await earlier_location(token)):
        return done(request, location, said)

    results: list[T] = []

    async def once() -> str:
        results[:] = [await act()]
        where = to(results[0])
        if token:
            await remember_submission(token, where, actor=request.signed_in)
        return where

    try:
        location = await transact(once)
    except RuleBroken as broken:
        if token and (location := await earlier_location(token)):  # the other click of two was faster
            return done(request, location, said)
        form.refuse(broken)
        return None
    except ConstraintViolated as violated:
        if token and (location := await earlier_location(token)):
            return done(request, location, said)
        form.refuse(RuleBroken("刚才有人先改了这条记录，请刷新页面看一看再保存。"))
        if violated.kind not in ("unique", "check"):
            raise
        return None
    return answer(results[0]) if answer else done(request, location, said)
