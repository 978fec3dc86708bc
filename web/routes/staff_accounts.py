"""Accounts of people at the desk: a manager those of the own station, the district the business roles, the administrator technical ones.

The same pages stand under /desk/accounts (managers) and /supervision/accounts (district, administrator).
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import staff_accounts as actions
from db.clock import now
from db.passwords import hash_password
from db.queries import accounts as queries
from db.queries.stations import stations_to_choose
from db.second_factor import new_initial_password
from rules.accounts import BELONGS_TO, GIVES, may_disable, may_give
from rules.codes import SUBDISTRICTS
from rules.permissions import PUBLIC_ROLES, Permission, Role
from web.confirmation import confirm_first
from web.forms.accounts import ChangedAccountForm, NewAccountForm, ReasonForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

DESK_ROLES = [role for role in Role if role not in PUBLIC_ROLES]


def base_of(request: StationRequest) -> str:
    """Under which address this person keeps accounts."""
    return "/desk/accounts" if request.actor.may(Permission.DESK) else "/supervision/accounts"


@get(["/desk/accounts", "/supervision/accounts"], guards=[needs(Permission.ACCOUNTS_READ)], name="staff-accounts:all")
async def all_accounts(request: StationRequest) -> Response:
    """The desk accounts in reach, by name, role and whether they are in use."""
    asked, base = request.query_params, base_of(request)
    word, after = asked.get("word", "")[:40], asked.get("after", "")
    role = next((each for each in DESK_ROLES if each.value == asked.get("role")), None)
    active = {"1": True, "0": False}.get(asked.get("active", ""))
    rows = await queries.accounts_in(request.actor.scope, word=word, role=role, active=active, after=after)
    kept = {"word": word, "role": role.value if role else "", "active": "" if active is None else str(int(active))}
    query = urlencode({name: value for name, value in kept.items() if value})
    return page(
        request,
        "accounts/all.html",
        fragment="accounts/_all.html",
        base=base,
        rows=rows.rows,
        asked=kept,
        links={
            "previous": f"{base}?{query}".rstrip("?") if after else None,
            "next": f"{base}?{query}&after={rows.next}".replace("?&", "?") if rows.next else None,
        },
        roles=Role,
        desk_roles=DESK_ROLES,
        gives=GIVES.get(request.actor.role, ()),
        subdistricts=SUBDISTRICTS,
        now=now(),
    )


async def _new_form(request: StationRequest, form: NewAccountForm) -> NewAccountForm:
    stations = [(row["id"], row["name"]) for row in await stations_to_choose(request.actor.scope)]
    form.offer(GIVES.get(request.actor.role, ()), stations)
    if request.actor.role is Role.MANAGER:  # the only station and the only role there are
        form.role.data, form.station.data = form.role.data or Role.STAFF.value, str(request.actor.station_id)
    return form


@get(["/desk/accounts/new", "/supervision/accounts/new"], guards=[needs(Permission.ACCOUNTS_MANAGE)], name="staff-accounts:new")
async def new_account(request: StationRequest) -> Response:
    """The form for one more account; the password is asked first."""
    confirm_first(request)
    return page(request, "accounts/new.html", form=await _new_form(request, NewAccountForm()), base=base_of(request))


@post(["/desk/accounts", "/supervision/accounts"], guards=[needs(Permission.ACCOUNTS_MANAGE)], name="staff-accounts:open")
async def open_account(request: StationRequest) -> Response:
    """Open the account; its initial password is shown this once."""
    form, base = await _new_form(request, await NewAccountForm.posted(request)), base_of(request)
    if form.validate():
        confirm_first(request)
        password = new_initial_password()
        hashed, new = await hash_password(password), form.new_account()
        saved = await submit(
            request,
            form,
            lambda: actions.open_account(new, password_hash=hashed, actor=request.actor),
            to=lambda account_id: f"{base}/{account_id}",
            said="账号已开通。初始密码只显示一次；没看到的，请重置密码。",
            answer=lambda account_id: _password_page(request, account_id, new.name, new.login, password),
        )
        if saved is not None:
            return saved
    return again(request, "accounts/new.html", form=form, base=base)


def _password_page(request: StationRequest, account_id: int, name: str, login: str, password: str) -> Response:
    """The initial password, this once."""
    back = f"{base_of(request)}/{account_id}"
    asked = request.settings.second_factor
    return page(request, "accounts/initial_password.html", name=name, login=login, initial=password, back=back, second_factor=asked)


def _page_of(
    request: StationRequest, row: dict[str, Any], *, changed: ChangedAccountForm | None = None, reason: ReasonForm | None = None
) -> dict[str, Any]:
    """What the page of somebody's account shows: the facts, and the forms this person may use."""
    role, mine = Role(row["role"]), row["id"] == request.actor.id
    form = changed or ChangedAccountForm(name=row["name"], work_no=row["work_no"], role=row["role"])
    return {
        "base": base_of(request),
        "row": row,
        "role": role,
        "mine": mine,
        "gives": may_give(request.actor, role) and not mine,
        "disables": may_disable(request.actor, role) and not mine,
        "changed": form.offer([each for each in GIVES.get(request.actor.role, ()) if _same_kind(each, role)]),
        "reason": reason or ReasonForm(),
        "problem": changed or reason,
        "subdistricts": SUBDISTRICTS,
        "now": now(),
    }


def _same_kind(new: Role, old: Role) -> bool:
    """Whether both roles belong to the same kind of place; a move to another place is another account's matter."""
    return BELONGS_TO.get(new) == BELONGS_TO.get(old)


@get(
    ["/desk/accounts/{account_id:int}", "/supervision/accounts/{account_id:int}"],
    guards=[needs(Permission.ACCOUNTS_READ)],
    name="staff-accounts:one",
)
async def one_account(request: StationRequest, account_id: FromPath[int]) -> Response:
    """One account: who, where, since when, what keeps it safe; what may be done with it."""
    row = found(await queries.account_in(request.actor.scope, account_id))
    return page(request, "accounts/one.html", **_page_of(request, row))


@post(
    ["/desk/accounts/{account_id:int}/edit", "/supervision/accounts/{account_id:int}/edit"],
    guards=[needs(Permission.ACCOUNTS_MANAGE)],
    name="staff-accounts:change",
)
async def change(request: StationRequest, account_id: FromPath[int]) -> Response:
    """Correct name and work number, or give another role."""
    row = found(await queries.account_in(request.actor.scope, account_id))
    form = (await ChangedAccountForm.posted(request)).offer(GIVES.get(request.actor.role, ()))
    if form.validate():
        confirm_first(request)
        saved = await submit(
            request,
            form,
            lambda: actions.change_account(
                account_id,
                name=form.name.data,
                work_no=form.work_no.data,
                role=Role(form.role.data),
                reason=form.change_reason.data,
                actor=request.actor,
            ),
            to=lambda _: f"{base_of(request)}/{account_id}",
            said="账号已更改。",
        )
        if saved is not None:
            return saved
    return again(request, "accounts/one.html", **_page_of(request, row, changed=form))


async def _with_reason(
    request: StationRequest,
    account_id: int,
    act: Callable[[str], Awaitable[None]],
    said: str,
    answer: Callable[[dict[str, Any]], Response] | None = None,
) -> Response:
    """Do `act` with the typed reason, once; the form comes back with what is wrong."""
    row = found(await queries.account_in(request.actor.scope, account_id))
    form = await ReasonForm.posted(request)
    if form.validate():
        confirm_first(request)
        saved = await submit(
            request,
            form,
            lambda: act(form.reason.data),
            to=lambda _: f"{base_of(request)}/{account_id}",
            said=said,
            answer=(lambda _: answer(row)) if answer else None,
        )
        if saved is not None:
            return saved
    return again(request, "accounts/one.html", **_page_of(request, row, reason=form))


@post(
    ["/desk/accounts/{account_id:int}/disabling", "/supervision/accounts/{account_id:int}/disabling"],
    guards=[needs(Permission.ACCOUNTS_MANAGE)],
    name="staff-accounts:disable",
)
async def disable(request: StationRequest, account_id: FromPath[int]) -> Response:
    """Switch the account off; the person is signed out everywhere at once."""
    return await _with_reason(
        request,
        account_id,
        lambda reason: actions.disable_account(account_id, reason, actor=request.actor),
        "账号已停用，所有登录都已退出。",
    )


@post(
    ["/desk/accounts/{account_id:int}/enabling", "/supervision/accounts/{account_id:int}/enabling"],
    guards=[needs(Permission.ACCOUNTS_MANAGE)],
    name="staff-accounts:enable",
)
async def enable(request: StationRequest, account_id: FromPath[int]) -> Response:
    """Switch the account on again."""
    return await _with_reason(
        request, account_id, lambda reason: actions.enable_account(account_id, reason, actor=request.actor), "账号已启用。"
    )


@post(
    ["/desk/accounts/{account_id:int}/password", "/supervision/accounts/{account_id:int}/password"],
    guards=[needs(Permission.ACCOUNTS_MANAGE)],
    name="staff-accounts:reset-password",
)
async def reset_password(request: StationRequest, account_id: FromPath[int]) -> Response:
    """A new initial password for a day, shown this once; the authenticator is still asked for."""
    password = new_initial_password()
    hashed = await hash_password(password)
    return await _with_reason(
        request,
        account_id,
        lambda reason: actions.reset_password(account_id, reason, password_hash=hashed, actor=request.actor),
        "密码已重置。初始密码只显示一次；没看到的，请再重置。",
        lambda row: _password_page(request, account_id, row["name"], row["login"], password),
    )


@post(
    ["/desk/accounts/{account_id:int}/second-factor", "/supervision/accounts/{account_id:int}/second-factor"],
    guards=[needs(Permission.ACCOUNTS_MANAGE)],
    name="staff-accounts:reset-second-factor",
)
async def reset_second_factor(request: StationRequest, account_id: FromPath[int]) -> Response:
    """Take a lost authenticator away; the person sets up another one at the next sign-in and reads who did this."""
    return await _with_reason(
        request,
        account_id,
        lambda reason: actions.reset_second_factor(account_id, reason, actor=request.actor),
        "动态口令已重置，本人下次登录要重新设置。",
    )


ROUTES = [all_accounts, new_account, open_account, one_account, change, disable, enable, reset_password, reset_second_factor]
