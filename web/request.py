"""The request as our handlers see it: who asks, what was typed, whether a fragment is wanted."""

import re
from typing import Protocol

from litestar.datastructures import FormMultiDict, UploadFile
from litestar.exceptions import ClientException, NotAuthorizedException
from litestar_htmx import HTMXRequest

from rules.permissions import Actor
from rules.sessions import Step
from web.documents.renderer import Printer
from web.senders import Sender, sender_named
from web.sessions import cookie_name
from web.settings import Settings

_UNTYPEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no keyboard types into a field; the gate refuses the same in an urlencoded body."""


class Asker(Protocol):
    """Who asks for a paper and what prints it: a request, or a task that works for somebody in the background."""

    @property
    def settings(self) -> Settings:
        """The settings the application was made with."""
        ...

    @property
    def actor(self) -> Actor:
        """For whom it is done."""
        ...

    @property
    def printer(self) -> Printer:
        """The printer that does it."""
        ...


class StationRequest(HTMXRequest):
    """A request with the signed-in person and the decoded form."""

    @property
    def settings(self) -> Settings:
        """The settings the application was made with."""
        return self.app.state.settings

    @property
    def sender(self) -> Sender:
        """What carries messages to phones; it may be the one that sends nothing."""
        return sender_named(self.settings.sender, self.settings.data_folder)

    @property
    def printer(self) -> Printer:
        """The printer of the desk."""
        return self.app.state.printer

    @property
    def signed_in(self) -> Actor | None:
        """Who is signed in, if anybody."""
        return self.scope["state"].get("actor")

    @property
    def actor(self) -> Actor:
        """Who is signed in; only behind `needs`."""
        if self.signed_in is None:
            raise NotAuthorizedException()
        return self.signed_in

    @property
    def holder(self) -> Actor | None:
        """Whose session this is, even while the sign-in is unfinished or the desk locked; only behind `holds_session`."""
        return self.scope["state"].get("holder")

    @property
    def step(self) -> Step | None:
        """What the sign-in still lacks; None when it is complete, and for a visitor."""
        return self.scope["state"].get("step")

    @property
    def locked(self) -> bool:
        """Whether the desk has locked itself: only its holder's password opens it again."""
        return bool(self.scope["state"].get("locked"))

    @property
    def recently_confirmed(self) -> bool:
        """Whether the person gave the password within the last ten minutes (web/confirmation.py asks for it)."""
        return bool(self.scope["state"].get("confirmed"))

    @property
    def address(self) -> str:
        """The sender's address, "" when unknown."""
        return self.client.host if self.client else ""

    @property
    def session_key(self) -> str | None:
        """The stored key of the session, None for a visitor."""
        return self.scope["state"].get("session_key")

    @property
    def token_binding(self) -> str:
        """What form tokens of this browser are bound to: the session, else the visitor cookie ("" when there is none)."""
        return self.session_key or self.scope["state"].get("visitor", "")

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for a part of the page (not a history restore, not a boosted link)."""
        return bool(self.htmx) and not self.htmx.boosted and not self.htmx.history_restore_request

    @property
    def big_type(self) -> bool:
        """Whether the visitor chose 大字."""
        return self.own_cookie("big") == "1"

    def own_cookie(self, plain: str) -> str:
        """The value of a cookie of ours, "" when the browser has none."""
        return self.cookies.get(cookie_name(self.settings, plain), "")

    async def typed(self) -> FormMultiDict:
        """The typed fields of the posted form as a multidict, without files; 400 for a body that is no form."""
        state = self.scope["state"]
        if "typed" not in state:
            fields = [(name, value) for name, value in (await self._posted()).multi_items() if isinstance(value, str)]
            if any(_UNTYPEABLE.search(text) for field in fields for text in field):
                raise ClientException("form")
            state["typed"] = FormMultiDict(fields)
        return state["typed"]

    async def upload(self, name: str) -> UploadFile | None:
        """The uploaded file of a field; None when nothing was chosen."""
        value = (await self._posted()).get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    async def uploads(self, name: str) -> list[UploadFile]:
        """The uploaded files of a field that takes several."""
        values = (await self._posted()).getall(name, [])
        return [value for value in values if isinstance(value, UploadFile) and value.filename]

    async def _posted(self) -> FormMultiDict:
        try:
            return await self.form()
        except ClientException:
            raise
        except Exception as error:  # the multipart parser raises many things for junk
            raise ClientException("form") from error
