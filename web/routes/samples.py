"""Checks on the spot (随机抽查): a published seed, the lines that follow from it, the sheet (P31), what was found.

Officers publish, draw and write down; the manager sees it as it stands, and anybody recomputes the draw from the sheet.
"""

from typing import Any, cast
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import samples as actions
from db.clock import today
from db.queries import samples as queries
from db.queries.documents import station_on_paper
from rules.codes import PaperKind, SampleVerdict
from rules.errors import RuleBroken
from rules.ledger import LedgerList, LedgerListKind, month_label
from rules.permissions import Permission
from rules.samples import SampleSheet, check_size, month_read, sample_command, sample_text, sampled
from web.calling_papers import on_day
from web.forms.base import PageForm
from web.forms.samples import SampleFilterForm, SampleSeedForm, SampleSizeForm, VerdictForm
from web.guards import needs
from web.ledger_layout import opened_content
from web.papers import issued_pdf, station_imprint
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME, DESK = "/supervision/samples", "/desk/samples"
_READ, _DRAW = needs(Permission.SAMPLES_READ), needs(Permission.SAMPLES_DRAW)
ON_SHEET = ("推荐单号", "岗位编号", "雇主", "零工", "工种", "报酬", "到岗日期", "佐证")
"""The columns of list ③ that stand on the sheet: what somebody needs to go and look."""


async def _listed(request: StationRequest, home: str, form: PageForm | None) -> dict[str, Any]:
    after, scope = request.query_params.get("after", ""), request.actor.scope
    wanted = queries.SampleFilter.of(request.query_params)
    rows = await queries.samples_of(scope, wanted, after)
    kept = wanted.address
    stations = await queries.stations_to_check(scope)
    return {
        "rows": rows.rows,
        "form": form or SampleSeedForm.among(stations),
        "narrowing": SampleFilterForm.among(stations, kept),
        "stations": stations,
        "asked": kept,
        "home": home,
        "verdicts": SampleVerdict,
        "month_label": month_label,
        "links": {
            "previous": f"{home}?{urlencode(kept)}" if after else "",
            "next": f"{home}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
        },
    }


@get(HOME, guards=[_DRAW], name="samples:supervision")
async def checks(request: StationRequest) -> Response:
    """The checks in reach, newest first, and the form that publishes a seed."""
    return page(request, "samples/index.html", fragment="samples/_list.html", **await _listed(request, HOME, None))


@get(DESK, guards=[_READ], name="samples:desk")
async def own_checks(request: StationRequest) -> Response:
    """The checks of one's own station, as the manager sees them."""
    return page(request, "samples/index.html", fragment="samples/_list.html", **await _listed(request, DESK, None))


async def _list_three(row: dict[str, Any]) -> LedgerList:
    """List ③ of a signed version (any row with its archive_key and sha256)."""
    content = await opened_content(row["archive_key"], row["sha256"])
    return next(each for each in content.lists if each.kind is LedgerListKind.PLACEMENTS)


@post(HOME, guards=[_DRAW], name="samples:seed")
async def publish(request: StationRequest) -> Response:
    """Publish the seed of a check over a closed month."""
    stations = await queries.stations_to_check(request.actor.scope)
    form = SampleSeedForm.among(stations, await request.typed())
    answer = None
    if form.validate():

        async def act() -> str:
            month = month_read(form.checked_month.data or "")
            if month is None:
                raise RuleBroken("月份没看懂，请写成 2026-11 这样。", "checked_month")
            version = await queries.newest_version(request.actor.scope, str(form.checked_station.data), month)
            if version is None:
                raise RuleBroken("这个驿站这个月还没有结账，结账以后才能抽查。", "checked_month")
            listed = await _list_three(version)
            return await actions.publish_sample_seed(version, len(listed.lines), actor=request.actor)

        answer = await submit(
            request, form, act, to=lambda number: f"{HOME}/{number}", said="种子已公布，从现在起谁也不能换。驿站已经能看到。"
        )
    return answer or again(request, "samples/index.html", **await _listed(request, HOME, form))


@get(HOME + "/{number:str}", guards=[_DRAW], name="samples:check")
async def check(request: StationRequest, number: FromPath[str]) -> Response:
    """One check: its seed, the drawn lines, what was found, and what can be done next."""
    return await _shown(request, found(await queries.sample_in(request.actor.scope, number)), HOME)


@get(DESK + "/{number:str}", guards=[_READ], name="samples:desk-check")
async def own_check(request: StationRequest, number: FromPath[str]) -> Response:
    """The same to read."""
    return await _shown(request, found(await queries.sample_in(request.actor.scope, number)), DESK)


async def _shown(request: StationRequest, row: dict[str, Any], home: str, form: PageForm | None = None, position: int = 0) -> Response:
    code, month, seed, population = row["station_code"], row["month"], row["seed"], row["population"]
    lines = await queries.lines_of(row["id"])
    show = page if form is None else again
    return show(
        request,
        "samples/show.html",
        sample=row,
        lines=lines,
        blanks={line["position"]: PageForm() for line in lines},
        counted=(await queries.verdicts_of([row["id"]])).get(row["id"], {}),
        home=home,
        acts=home == HOME,
        form=form or PageForm(),
        sizing=form if isinstance(form, SampleSizeForm) else SampleSizeForm(data={"size": min(10, population)}),
        checking=form if isinstance(form, VerdictForm) else VerdictForm(data={"checked_on": today()}),
        position=position,
        verdicts=SampleVerdict,
        month=month_label(month),
        text=sample_text(code, month, seed, population, "③序号"),
        command=sample_command(code, month, seed, population, row["size"]),
        places={each.line: each for each in sampled(code, month, seed, population, row["size"])} if row["size"] else {},
    )


@post(HOME + "/{number:str}/drawing", guards=[_DRAW], name="samples:draw")
async def draw(request: StationRequest, number: FromPath[str]) -> Response:
    """Draw, once."""
    row = found(await queries.sample_in(request.actor.scope, number))
    form = await SampleSizeForm.posted(request)
    answer = None
    if form.validate():
        size = cast(int, form.size.data)

        async def act() -> None:
            check_size(size, row["population"])
            referrals = [line.record for line in (await _list_three(row)).lines]
            await actions.draw_sample(row["id"], size, referrals, actor=request.actor)

        answer = await submit(request, form, act, to=lambda _: f"{HOME}/{number}", said="已抽好，结果不能再变。请打印抽查表去核查。")
    return answer or await _shown(request, row, HOME, form)


@post(HOME + "/{number:str}/lines/{position:int}/verdict", guards=[_DRAW], name="samples:verdict")
async def verdict(request: StationRequest, number: FromPath[str], position: FromPath[int]) -> Response:
    """Write down what was found about one line, once."""
    row = found(await queries.sample_in(request.actor.scope, number))
    found(next((line for line in await queries.lines_of(row["id"]) if line["position"] == position), None))
    form = await VerdictForm.posted(request)
    answer = None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.check_line(
                row["id"], position, form.verdict.chosen, form.note.data or "", cast(Any, form.checked_on.data), actor=request.actor
            ),
            to=lambda _: f"{HOME}/{number}",
            said=f"第{position}名的核查结果已登记。",
        )
    return answer or await _shown(request, row, HOME, form, position)


@get(DESK + "/{number:str}/sheet.pdf", guards=[_READ], name="samples:sheet")
async def sheet(request: StationRequest, number: FromPath[str]) -> Response:
    """随机抽查表 (P31): the drawn lines as the signed ledger has them, masked. 404 before it was drawn."""
    row = found(await queries.sample_in(request.actor.scope, number))
    found(row["drawn_at"])
    paper = await sample_sheet(row, request.settings.public_url)
    body = await issued_pdf(
        request,
        kind=PaperKind.SAMPLE_SHEET,
        number=row["number"],
        subject="sample",
        subject_id=row["id"],
        station_id=row["station"],
        paper=paper,
    )
    return pdf_file(body, f"随机抽查表{number}")


async def sample_sheet(row: dict[str, Any], public_url: str) -> SampleSheet:
    """The sheet of a drawn check (a row of `db.queries.samples.sample_in`); its code leads to the check of the number."""
    listed = await _list_three(row)
    places = [place for place, column in enumerate(listed.columns) if column.label in ON_SHEET]
    code, month, seed, population, size = row["station_code"], row["month"], row["seed"], row["population"], row["size"]
    return SampleSheet(
        station=station_imprint(await station_on_paper(row["station"])),
        number=row["number"],
        created=row["drawn_at"],
        month=month_label(month),
        ledger=row["ledger"],
        seed=seed,
        published=on_day(row["published_at"]),
        drawn=on_day(row["drawn_at"]),
        population=population,
        size=size,
        text=sample_text(code, month, seed, population, "③序号"),
        command=sample_command(code, month, seed, population, size),
        labels=tuple(listed.columns[place].label for place in places),
        lines=tuple(
            (each.place, each.line, tuple(listed.lines[each.line - 1].cells[place].text for place in places), each.digest[:16])
            for each in sampled(code, month, seed, population, size)
        ),
        verdicts=tuple(each.label for each in SampleVerdict),
        officer=row["drawn_by_name"] or "",
        verify_url=f"{public_url}/verify/{row['number']}",
    )


ROUTES = [checks, own_checks, publish, check, own_check, draw, verdict, sheet]
