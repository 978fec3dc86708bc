"""The request as our handlers see it: who asks, what was typed, whether a fragment is wanted."""

from typing import Any

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, NotAuthorizedException
from litestar_htmx import HTMXRequest

from rules.permissions import Actor
from web.settings import Settings


class StationRequest(HTMXRequest):
    """A request with the signed-in person and the decoded form."""

    @property
    def settings(self) -> Settings:
        """The settings the application was made with."""
        return self.app.state.settings

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
        return self.cookies.get("big") == "1"

    async def typed(self) -> Any:
        """The posted form as a multidict; 400 for a body that is no form."""
        try:
            form = await self.form()
        except ClientException:
            raise
        except Exception as error:  # the multipart parser raises many things for junk
            raise ClientException("form") from error
        for value in form.values():
            if isinstance(value, str) and ("\x00" in value or any("\ud800" <= ch <= "\udfff" for ch in value)):
                raise ClientException("form")
        return form

    async def upload(self, name: str) -> UploadFile | None:
        """The uploaded file of a field; None when nothing was chosen."""
        value = (await self.typed()).get(name)
        return value if isinstance(value, UploadFile) and value.filename else None
