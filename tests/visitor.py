"""A person in front of the pages: reads them, fills their forms, and checks each page as it comes."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from bs4 import BeautifulSoup


class Sheet(BeautifulSoup):
    """A page as it was received."""

    status: int = 200
    headers: httpx.Headers

    def words(self, selector: str = "body") -> str:
        """The visible text of the first match, white space folded; "" when there is none."""
        found = self.select_one(selector)
        return " ".join(found.get_text(" ").split()) if found else ""


def check_page(sheet: Sheet) -> None:
    """What must hold on every full page: one h1, a title, unique ids, labelled inputs, forms with action and token."""
    tags = sheet.find_all(True)  # one walk: every page of every test comes by here
    assert sum(tag.name == "h1" for tag in tags) == 1, "one h1"
    assert sheet.title is not None, "a title"
    assert sheet.title.text.strip(), "a title that says something"
    ids = [tag.attrs["id"] for tag in tags if "id" in tag.attrs]
    assert len(ids) == len(set(ids)), f"ids are unique: {sorted(i for i in ids if ids.count(i) > 1)}"
    labels = {tag.attrs["for"] for tag in tags if tag.name == "label" and "for" in tag.attrs}
    for tag in tags:
        own = tag.attrs
        assert not own.keys() & {"style", "onclick", "onchange", "onsubmit"}, f"inline style or script on {tag.name}"
        if tag.name in ("select", "textarea") or (tag.name == "input" and own.get("type") != "hidden"):
            labelled = own.get("id") in labels or own.get("aria-label") or tag.find_parent("label")
            assert labelled, f"{own.get('name')} has a label"
        elif tag.name == "form":
            assert own.get("action"), "a form says where it goes"
            if own.get("method", "get").lower() == "post":
                assert tag.find("input", attrs={"name": "csrf_token"}), f"{own['action']} carries a token"


@dataclass
class Visitor:
    """Somebody with a browser. `reads` and `sends` fail the test when the status is not the expected one."""

    client: httpx.AsyncClient
    page: Sheet | None = None
    account: Any = None
    last: dict[str, str] = field(default_factory=dict)

    async def reads(self, url: str, *, status: int = 200, fragment: bool = False, **headers: str) -> Sheet:
        """Open an address; the page is kept so that `sends` can use its forms."""
        if fragment:
            headers["HX-Request"] = "true"
        response = await self.client.get(url, headers=headers)
        assert response.status_code == status, f"GET {url}: {response.status_code}, expected {status}\n{response.text[:600]}"
        sheet = self._sheet(response)
        if not fragment and response.headers.get("content-type", "").startswith("text/html") and status != 303:
            check_page(sheet)
            self.page = sheet
        return sheet

    async def fetches(self, url: str, *, status: int = 200) -> httpx.Response:
        """Open an address that is no page (PDF, JSON)."""
        response = await self.client.get(url)
        assert response.status_code == status, f"GET {url}: {response.status_code}, expected {status}"
        return response

    def filled(self, action: str) -> dict[str, Any]:
        """The fields of the form with this action on the last page, as they stand there."""
        assert self.page is not None, "read the page with the form first"
        form = self.page.select_one(f'form[method=post][action="{action}"]')
        if form is None:
            return {}
        values: dict[str, Any] = {}
        for control in form.select("input[name], select[name], textarea[name]"):
            name, kind = control["name"], control.get("type", "")
            if kind in ("checkbox", "radio"):
                if control.has_attr("checked"):
                    values.setdefault(name, []).append(control.get("value", "on"))
            elif control.name == "select":
                chosen = control.select_one("option[selected]") or control.select_one("option")
                values[name] = chosen["value"] if chosen else ""
            elif control.name == "textarea":
                values[name] = control.text.removeprefix("\n")
            elif kind != "file":
                values[name] = control.get("value", "")
        return values

    async def sends(self, url: str, *, status: int = 303, files: Any = None, page: str | None = None, **fields: Any) -> Sheet:
        """Submit the form with action `url` of the last page (or of `page`), with these fields changed."""
        if page is not None:
            await self.reads(page)
        values = self.filled(url) if self.page is not None else {}
        if "csrf_token" not in values and self.page is not None:
            token = self.page.select_one("input[name=csrf_token]")
            values["csrf_token"] = token["value"] if token else ""
        values.update(fields)
        self.last = values
        response = await self.client.post(url, data=values, files=files)
        assert response.status_code == status, f"POST {url}: {response.status_code}, expected {status}\n{_why(response)}"
        sheet = self._sheet(response)
        if status != 303 and response.headers.get("content-type", "").startswith("text/html"):
            check_page(sheet)
            self.page = sheet
        return sheet

    async def follows(self, sheet: Sheet) -> Sheet:
        """Go where the last answer sent the person."""
        return await self.reads(sheet.headers["location"])

    def _sheet(self, response: httpx.Response) -> Sheet:
        sheet = Sheet(response.text if "html" in response.headers.get("content-type", "") else "", "html.parser")
        sheet.status = response.status_code
        sheet.headers = response.headers
        return sheet


def _why(response: httpx.Response) -> str:
    if "html" not in response.headers.get("content-type", ""):
        return response.text[:300]
    soup = BeautifulSoup(response.text, "html.parser")
    box = soup.select_one(".problems, [role=alert]") or soup.body
    return " ".join(box.get_text(" ").split())[:800] if box else ""


def path_of(sheet: Sheet) -> str:
    """Where a 303 leads, without the host."""
    return urlsplit(sheet.headers["location"]).path
