"""Seekers (求职者) at the counter: registering, finding, confirming, printing the form."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import seekers as actions
from db.actions.reveals import SEEKER_FORM, note_opened
from db.clock import today
from db.queries import seekers as queries
from db.queries.documents import station_on_paper
from db.queries.duplicates import merged_with
from db.queries.freshness import last_confirmation
from db.queries.parameters import legal_parameters
from db.queries.person_groups import groups_of
from db.queries.ratings import good_first, tags_about_seeker
from db.queries.referrals import no_shows_lately, referrals_of_seeker
from db.queries.reveals import looks_at
from rules.ages import age_band, age_standing
from rules.codes import SUBDISTRICTS, TRADES, ConsentMethod, Education, IdType, PaperKind, PensionStatus, PersonGroup
from rules.documents import privacy_notice
from rules.errors import RuleBroken
from rules.identity import is_private_number, parse_identity, parse_phone
from rules.numbers import NumberKind, kind_of, normal
from rules.parameters import whole
from rules.permissions import Permission
from rules.person_groups import is_4050
from rules.retention import ANSWER_DAYS
from rules.seekers import (
    DORMANT_DAYS,
    NOTICE_ACCEPTED,
    NOTICE_VERSION,
    ConsentPurpose,
    UnderAge,
    age_words,
    birth_of,
    pension_asked,
    refuse_children,
    slots_text,
    standing_words,
)
from web.forms.base import PageForm
from web.forms.seekers import SeekerFilterForm, SeekerForm
from web.guards import needs
from web.papers import issued_pdf, station_imprint
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.seeker_papers import seeker_form
from web.submission import submit


async def _ages() -> dict[str, int]:
    parameters, day = await legal_parameters(), today()
    return {
        "child_age": whole(parameters, "child_age", day),
        "juvenile_age": whole(parameters, "juvenile_age_upper", day),
    }


async def _identity_panel(request: StationRequest, form: SeekerForm) -> dict[str, Any]:
    """What the typed document and phone tell at once: birth date, age, standing, who has them already."""
    panel: dict[str, Any] = {"words": "", "problem": "", "child": False, "juvenile": False, "pension": False, "known": []}
    new, day = form.new_seeker(), today()
    number = phone = ""
    ages = await _ages()
    if new.id_number:
        try:
            identity = parse_identity(new.id_type, new.id_number, today=day)
            number = identity.number
            birth = birth_of(identity, new.birth_date, day)
            sex = identity.gender or new.gender or None
            standing = age_standing(birth, sex, day, new.pension, **ages)
            panel["words"] = standing_words(birth, sex, day, standing)
            panel["child"] = standing.value == "UNDER_16"
            panel["juvenile"] = standing.value == "JUVENILE"
            panel["pension"] = pension_asked(birth, sex, day)
        except RuleBroken as broken:
            panel["problem"] = broken.message
    try:
        phone = parse_phone(new.phone) if new.phone else ""
    except RuleBroken as broken:
        panel["problem"] = panel["problem"] or broken.message
    if not panel["child"]:
        panel["known"] = await queries.duplicates(id_type=new.id_type.value, id_number=number, phone=phone)
    return panel


async def _counter(request: StationRequest, form: SeekerForm, panel: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything the registration page shows beside the form."""
    station = await station_on_paper(request.actor.station_id or 0)
    return {
        "form": form,
        "panel": panel if panel is not None else await _identity_panel(request, form),
        "today_list": await queries.registered_today(request.actor.scope),
        "refused": await queries.refusals_on(request.actor.scope, today()),
        "notice": privacy_notice(station_imprint(station), station["operator"]),
        "notice_version": NOTICE_VERSION,
        "accepted": NOTICE_ACCEPTED,
    }


@get("/desk/seekers", guards=[needs(Permission.SEEKERS_READ)], name="seekers:list")
async def all_seekers(request: StationRequest) -> Response:
    """The station's seekers, newest first, narrowed by trade, state and a word; a phone in the address is not looked up."""
    form = SeekerFilterForm(request.query_params)
    return await _list(request, form, request.query_params.get("after", ""), look_up=not is_private_number(form.word.data))


@post("/desk/seekers/search", guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:search", status_code=200)
async def search_seekers(request: StationRequest) -> Response:
    """The same list for what was typed into the search box: a phone is found without ever standing in an address."""
    form = SeekerFilterForm(await request.typed())
    scanned = normal(form.word.data or "")  # a whole number, as the card's code gives it, leads to the person
    if kind_of(scanned) is NumberKind.SEEKER and await queries.seeker_in(request.actor.scope, scanned):
        return done(request, f"/desk/seekers/{scanned}")
    if not request.wants_fragment and not is_private_number(form.word.data):
        kept = {name: form[name].data for name in ("word", "trade", "state") if form[name].data}
        return done(request, f"/desk/seekers?{urlencode(kept)}" if kept else "/desk/seekers")
    return await _list(request, form, "")


async def _list(request: StationRequest, form: SeekerFilterForm, after: str, *, look_up: bool = True) -> Response:
    wanted = queries.SeekerFilter.of(form.trade.data, form.state.data, form.word.data if look_up else "")
    rows = await queries.seekers_of(request.actor.scope, wanted, after)
    kept = {key: value for key, value in (("word", wanted.word), ("trade", wanted.trade), ("state", wanted.state)) if value}
    further = rows.next if not is_private_number(wanted.word) else None
    links = {
        "previous": f"/desk/seekers?{urlencode(kept)}" if after else "",
        "next": f"/desk/seekers?{urlencode({**kept, 'after': further})}" if further else "",
    }
    return page(
        request,
        "seekers/index.html",
        fragment="seekers/_list.html",
        form=form,
        rows=rows.rows,
        links=links,
        narrowed=bool(kept),
        today=today(),
        band=age_band,
    )


@get("/desk/seekers/new", guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:new")
async def new_seeker(request: StationRequest) -> Response:
    """The registration form with today's list and the privacy notice beside it."""
    return page(request, "seekers/new.html", **await _counter(request, SeekerForm()))


@post("/desk/seekers/new", guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:new-typed", status_code=200)
async def new_seeker_typed(request: StationRequest) -> Response:
    """The empty form with what was typed elsewhere for somebody who is not registered yet: a document, a phone or a name."""
    typed = " ".join((await request.typed()).get("typed", "").split())[:40]
    digits = "".join(letter for letter in typed if letter.isdigit())
    field = "name" if not digits else "id_number" if len(digits) > 13 else "phone" if len(digits) > 6 else ""
    form = SeekerForm(**{field: typed} if field else {})
    return page(request, "seekers/new.html", **await _counter(request, form))


@post("/desk/seekers/identity", status_code=200, guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:identity")
async def read_identity(request: StationRequest) -> Response:
    """What a document or phone tells, before saving. Posted, so that no number stands in an address or a log."""
    form = await SeekerForm.posted(request)
    if request.wants_fragment:
        return page(request, "seekers/_identity.html", form=form, panel=await _identity_panel(request, form))
    return page(request, "seekers/new.html", **await _counter(request, form))


@post("/desk/seekers", guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:register")
async def register(request: StationRequest) -> Response:
    """Register the seeker. A child is refused, counted without any identity, and the form comes back empty."""
    form = await SeekerForm.posted(request)
    new, ages = form.new_seeker(), await _ages()
    try:
        refuse_children(new.id_type, new.id_number, new.birth_date, today=today(), child_age=ages["child_age"])
    except UnderAge as child:
        await actions.refuse_child(actor=request.actor, token=(form.form_token.data or "")[:30])
        empty = SeekerForm()
        empty.refuse(child)
        return again(request, "seekers/new.html", **await _counter(request, empty))
    further = (await request.typed()).get("further") == "1"
    if form.complete(today(), **ages):
        saved = await submit(
            request,
            form,
            lambda: actions.register_seeker(form.new_seeker(), actor=request.actor),
            to=lambda ref: "/desk/seekers/new" if further else f"/desk/seekers/{ref.number}",
            said="已登记，可以推荐岗位了。",
        )
        if saved is not None:
            return saved
    return again(request, "seekers/new.html", **await _counter(request, form))


async def _groups(request: StationRequest, seeker: dict[str, Any]) -> list[str] | None:
    """The names of somebody's groups for who records them at this station; None for everybody else."""
    if not request.actor.may(Permission.GROUPS_RECORD):
        return None
    rows = await groups_of(request.actor.scope, seeker["id"], guarded=request.actor.may(Permission.GROUPS_GUARDED))
    aged = [PersonGroup.AGE_4050.label] if is_4050(seeker["birth_date"], seeker["gender"], today()) else []
    return [*aged, *(row["label"] for row in rows if row["live"])]


@get("/desk/seekers/{number:str}", guards=[needs(Permission.SEEKERS_READ)], name="seekers:one")
async def one_seeker(request: StationRequest, number: FromPath[str]) -> Response:
    """One seeker, numbers masked: wishes, certificates, consents, referrals, how fresh the contact is."""
    seeker = found(await queries.seeker_in(request.actor.scope, number))
    birth, day = seeker["birth_date"], today()
    pension = PensionStatus(seeker["pension"]) if seeker["pension"] else None
    standing = age_standing(birth, seeker["gender"] or None, day, pension, **await _ages())
    return page(
        request,
        "seekers/show.html",
        seeker=seeker,
        masked=queries.opened_masks(seeker),
        trades=[(code, TRADES[code].label) for code in (await queries.trades_of([seeker["id"]])).get(seeker["id"], []) if code in TRADES],
        certificates=await queries.certificates_of(seeker["id"]),
        consents=await queries.consents_of(seeker["id"]),
        groups=await _groups(request, seeker),
        looks=await looks_at("seeker", seeker["id"]),
        answer_until=seeker["asked_on"] + timedelta(days=ANSWER_DAYS) if seeker["asked_on"] else None,
        referrals=await referrals_of_seeker(seeker["id"]),
        no_shows=await no_shows_lately(seeker["id"]),
        standing=age_words(birth, seeker["gender"], day, standing),
        slots=slots_text(seeker["availability"]),
        fresh_until=seeker["confirmed_on"] + timedelta(days=DORMANT_DAYS),
        confirmation=await last_confirmation(seeker["id"]),
        merged=await merged_with(seeker["id"]),
        tags=good_first(await tags_about_seeker(seeker["id"])),
        today=day,
        id_types=IdType,
        education=Education,
        pension=PensionStatus,
        purposes=ConsentPurpose,
        methods=ConsentMethod,
        subdistricts=SUBDISTRICTS,
        form=PageForm(),
    )


@post("/desk/seekers/{number:str}/confirmation", guards=[needs(Permission.SEEKERS_REGISTER)], name="seekers:confirm")
async def confirm(request: StationRequest, number: FromPath[str]) -> Response:
    """Somebody spoke with the person, who still looks for work: fresh for another 90 days."""
    seeker = found(await queries.seeker_in(request.actor.scope, number))
    form = await PageForm.posted(request)
    where = f"/desk/seekers/{seeker['number']}"
    saved = await submit(
        request,
        form,
        lambda: actions.confirm_seeker(seeker["id"], actor=request.actor),
        to=lambda _: where,
        said="已记下：本人还在找活。",
    )
    if saved is None:
        raise RuleBroken(form.refusals[0] if form.refusals else "没有保存，请刷新页面再试。")
    return saved


@get("/desk/seekers/{number:str}/form.pdf", guards=[needs(Permission.SEEKERS_READ)], name="seekers:form")
async def form_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """The registration form to sign (P5), with the privacy notice. Opened after that day, it is noted in the journal."""
    seeker = found(await queries.seeker_in(request.actor.scope, number))
    await note_opened(SEEKER_FORM, seeker["id"], actor=request.actor)
    body = await issued_pdf(
        request,
        kind=PaperKind.SEEKER_FORM,
        number=seeker["number"],
        subject="seeker",
        subject_id=seeker["id"],
        station_id=seeker["station"],
        paper=await seeker_form(request, seeker),
    )
    return pdf_file(body, f"求职登记表{seeker['number']}")


ROUTES = [all_seekers, search_seekers, new_seeker, new_seeker_typed, read_identity, register, one_seeker, confirm, form_pdf]
