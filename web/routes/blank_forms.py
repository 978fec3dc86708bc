"""Blank forms (空白表): the page with every fixed form of the counter, and one of them to print and fill in by hand."""

from litestar import Response, get
from litestar.params import FromPath

from db.clock import now
from db.queries.documents import station_on_paper
from rules.permissions import Permission
from web.blank_forms import BLANK_FORMS, blank_paper
from web.guards import needs
from web.papers import printed_pdf, station_imprint
from web.render import found, page, pdf_file
from web.request import StationRequest

HOME = "/desk/forms"


@get(HOME, guards=[needs(Permission.DESK)], name="blank-forms:list")
async def blank_forms(request: StationRequest) -> Response:
    """Every form that can be printed empty, with its size and what it is for."""
    return page(request, "blank_forms/index.html", forms=BLANK_FORMS.values())


@get(HOME + "/{name:str}", guards=[needs(Permission.DESK)], name="blank-forms:one")
async def blank_form(request: StationRequest, name: FromPath[str]) -> Response:
    """`{name}.pdf`: the form without a number, in the name of the asker's station; it is not issued and proves nothing."""
    form = found(BLANK_FORMS.get(name.removesuffix(".pdf")))
    row = await station_on_paper(request.actor.station_id or 0)
    paper = blank_paper(form, station_imprint(row), row, now())
    return pdf_file(await printed_pdf(request, form.kind, paper), f"空白{form.title}")


ROUTES = [blank_forms, blank_form]
