"""What every page of a rating shares: the slip's, the worker's, the employer's, the counter's."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from db.actions import ratings as actions
from db.queries.ratings import opened_reply
from rules.codes import RatingHow, Side
from rules.permissions import Actor
from rules.ratings import Score
from web.forms.ratings import RatingForm, ReplyForm
from web.request import StationRequest
from web.submission import submit

THANKS = "评价收到了，谢谢您。"
FEE_KEPT = "评价收到了。收钱的事已直接报监督单位，驿站的人看不到。"
REPLIED = "回应已记下，对方和驿站能看到。"
SCORES = [score.value for score in Score]


def fresh_form(work: dict[str, Any], side: Side, typed: Any = None) -> RatingForm:
    """The form of this side, empty or as it was posted; tags while they are not open."""
    return RatingForm(typed, side=side, tags_wanted=not work["open"])


def other_side(side: Side) -> Side:
    """The one who was worked with."""
    return next(other for other in Side if other is not side)


async def shown(work: dict[str, Any], side: Side, *, form: RatingForm | None = None, reply: ReplyForm | None = None) -> dict[str, Any]:
    """What the page of one own work shows: the form, or what both said once it is open, with the replies."""
    mine, theirs = work["ratings"][side], work["ratings"][other_side(side)]
    reply = reply or ReplyForm()
    rating = form or fresh_form(work, side)
    reply.words.id = "reply"  # both forms may stand on one page
    return {
        "work": work,
        "side": side,
        "form": reply if reply.problems else rating,
        "rating": rating,
        "reply": reply,
        "scores": SCORES,
        "mine": mine,
        "theirs": theirs,
        "may_rate": not work["why_not"] and not mine["served"],
        "my_reply": await opened_reply(theirs["id"]) if work["open"] else "",
        "their_reply": await opened_reply(mine["id"]) if work["open"] else "",
    }


async def save_rating(
    request: StationRequest, work: dict[str, Any], side: Side, form: RatingForm, how: RatingHow, where: str
) -> Response[Any] | None:
    """Keep the rating once and go on; None when it is refused."""
    return await _once(request, form, lambda: actions.rate(work["id"], side, form.said, how, actor=request.actor), where)


async def save_by_ticket(request: StationRequest, token: str, form: RatingForm, where: str) -> Response[Any] | None:
    """The same for the holder of a slip; `where` does not hold the secret, because it is kept with the form's token."""
    return await _once(request, form, lambda: actions.rate_by_ticket(token, form.said), where)


async def _once(request: StationRequest, form: RatingForm, act: Callable[[], Awaitable[bool]], where: str) -> Response[Any] | None:
    if not form.validate():
        return None
    return await submit(request, form, act, to=lambda _: where, said=FEE_KEPT if form.said.fee else THANKS)


async def save_reply(
    request: StationRequest, work: dict[str, Any], side: Side, form: ReplyForm, where: str, *, actor: Actor
) -> Response[Any] | None:
    """Keep the reply of this side once and go on; None when it is refused."""
    if not form.validate():
        return None
    return await submit(
        request, form, lambda: actions.reply(work["id"], side, form.words.data or "", actor=actor), to=lambda _: where, said=REPLIED
    )
