"""Every address has exactly one door, and changing anything takes a permission that reading does not give."""

import pytest
from litestar.handlers import HTTPRouteHandler

from rules.permissions import GRANTED, Permission
from tests.house.source import modules
from web.guards import doors
from web.routes import ROUTES
from web.settings import Settings

OWN_PLACE = {Permission.ME, Permission.EMPLOYER_HOME}
"""The door of a worker's or employer's own place: what lies behind it is theirs to read and to change."""
READING = {permission for permission in Permission if permission.value.endswith((":read", ":open"))} - OWN_PLACE
"""Permissions that only look."""

OPEN_FORMS = (
    "/sign-in",
    "/register/",
    "/me/sign-in",
    "/enrol/",
    "/employers/register",
    "/employer/sign-in",
    "/jobs/alerts",
    "/screen/",
    "/complaints",
    "/rate/",
    "/copies/",
    "/verify",
)
"""Where somebody who is not signed in may send a form: signing in, registering, enrolling a phone, following a search, pairing a screen,
complaining, rating, fetching the copy of an agreement with its code, asking whether a paper is genuine."""

INSIDE = {Permission.WATCHED_APPROVE, Permission.GROUPS_GUARDED}
"""No page of their own: they say how far a page goes whose door asks for more common a permission. The action asks for them again."""


@pytest.fixture(scope="module")
def handlers(tmp_path_factory) -> list[tuple[str, HTTPRouteHandler]]:
    from web.app import make_litestar

    app = make_litestar(Settings(False, tmp_path_factory.mktemp("data"), b"a secret for tests only, 32 bytes", "http://127.0.0.1", 1))
    return [
        (route.path, handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and handler.fn.__module__.startswith("web.")
    ]


def test_there_are_pages_to_look_at(handlers):
    assert len(handlers) >= 20


def test_every_handler_has_exactly_one_door(handlers):
    wrong = [f"{path} {handler.fn.__name__}: {doors(handler)}" for path, handler in handlers if len(doors(handler)) != 1]
    assert not wrong


def test_no_layer_above_a_handler_adds_a_door(handlers):
    """A door on a router would hide which page asks for what."""
    wrong = [path for path, handler in handlers if len([g for g in handler.resolve_guards() if hasattr(g, "permission")]) != 1]
    assert not wrong


def test_nothing_is_changed_by_reading(handlers):
    """A post asks for a permission that does more than look; signing in is open."""
    wrong = [
        f"{path}: {doors(handler)[0]}"
        for path, handler in handlers
        if "POST" in handler.http_methods
        and (doors(handler)[0] in READING or (doors(handler)[0] is None and not path.startswith(OPEN_FORMS)))
    ]
    assert not wrong


def test_pages_answer_get_and_post_only(handlers):
    wrong = {path for path, handler in handlers if not handler.http_methods <= {"GET", "POST", "HEAD", "OPTIONS"}}
    assert not wrong


def test_every_handler_has_a_name_of_its_own(handlers):
    names = [handler.name for _, handler in {id(handler): (path, handler) for path, handler in handlers}.values()]
    assert all(names)
    assert len(names) == len(set(names)), sorted(each for each in set(names) if names.count(each) > 1)


def test_nothing_under_the_desk_is_open(handlers):
    wrong = [
        path
        for path, handler in handlers
        if path.startswith(("/desk", "/supervision", "/employer/", "/me")) and not path.startswith(OPEN_FORMS) and doors(handler) == [None]
    ]
    assert not wrong


def test_every_permission_is_granted_to_somebody_and_asked_by_some_page(handlers):
    granted = set().union(*GRANTED.values())
    assert set(Permission) == granted
    asked = {doors(handler)[0] for _, handler in handlers}
    assert set(Permission) - asked == INSIDE
    actions = "".join(path.read_text(encoding="utf-8") for path in modules("db/actions"))
    assert not [permission.name for permission in INSIDE if f"actor.may(Permission.{permission.name})" not in actions]


def test_every_handler_says_what_the_page_is(handlers):
    assert not [handler.fn.__qualname__ for _, handler in handlers if not handler.fn.__doc__]


def test_the_list_of_routes_names_each_handler_once():
    assert len(ROUTES) == len({id(handler) for handler in ROUTES})
