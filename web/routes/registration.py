"""/register: somebody who looks for work registers alone, on a phone; unverified until the card was seen at a station."""

from typing import Any
from urllib.parse import quote, unquote

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Redirect

from db.actions import devices
from db.actions.devices import TooMany
from db.actions.registration import register_on_phone
from db.actions.seekers import refuse_child_online
from db.clock import today
from db.pins import hash_peppered, peppered, peppered_as
from db.queries.drafts import draft_key
from db.queries.parameters import legal_parameters
from db.queries.stations import public_stations
from rules.ages import AgeStanding, age_standing
from rules.codes import TRADES, ConsentMethod, IdType, PensionStatus, StationState
from rules.documents import SEEKER_PLEDGE, privacy_notice
from rules.errors import RuleBroken
from rules.identity import Identity, parse_identity, parse_phone
from rules.parameters import whole
from rules.pins import TOO_EASY, check_pin, own_pins, phone_label
from rules.seekers import (
    NOTICE_VERSION,
    NewSeeker,
    UnderAge,
    birth_of,
    certificate_gaps,
    pension_asked,
    refuse_children,
    slots_text,
)
from web.confirmation import own_path
from web.drafts import forget, token_of
from web.forms import registration as forms
from web.guards import open_to_all
from web.papers import station_imprint
from web.phones import at_a_desk, keep_phone, keep_signed_in, phone_of
from web.render import page
from web.request import StationRequest
from web.sessions import cookie_name, set_cookie
from web.wizard import CHECK, Answers, Question, Wizard, shown

KIND = "worker"
DONE = "/register/done"
WANTED, A_DAY = "wanted", 86_400
"""The cookie with the page somebody came from, a post they want to apply for: offered again when the registration is in."""


async def _stations(request: StationRequest, form: forms.StationForm, answers: Answers) -> dict[str, Any]:
    """The stations that take registrations, by subdistrict."""
    rows = [row for row in await public_stations() if row["state"] == StationState.OPERATING.value]
    form.station.choices = [("", "请选择"), *((row["code"], row["name"]) for row in rows)]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["subdistrict_name"], []).append(row)
    return {"groups": groups}


async def _station(answers: Answers) -> dict[str, Any] | None:
    code = (answers.typed("station").get("station") or [""])[0]
    return next((row for row in await public_stations() if row["code"] == code), None)


async def _notice(request: StationRequest, form: forms.NoticeForm, answers: Answers) -> dict[str, Any]:
    """The notice with the names of the chosen station (PIPL art. 17)."""
    station = await _station(answers)
    paragraphs = privacy_notice(station_imprint(station), station["operator"]) if station else ()
    return {"notice": paragraphs, "notice_version": NOTICE_VERSION, "seeker_pledge": SEEKER_PLEDGE}


def _id_type(form: forms.IdentityForm) -> IdType:
    return IdType(form.id_type.data) if form.id_type.data in IdType._value2member_map_ else IdType.RESIDENT


async def _identity(request: StationRequest, form: forms.IdentityForm, answers: Answers) -> Response | None:
    """The document is looked at at once; of a child nothing is kept, the draft goes, and the refusal is counted."""
    day, parameters = today(), await legal_parameters()
    try:
        refuse_children(_id_type(form), form.id_number.data, form.birth_date.data, today=day, child_age=whole(parameters, "child_age", day))
    except UnderAge as child:
        return await _refuse(request, child, answers)
    birth_of(parse_identity(_id_type(form), form.id_number.data, today=day), form.birth_date.data, day)
    return None


async def _refuse(request: StationRequest, child: UnderAge, answers: Answers) -> Response:
    station = await _station(answers)
    if station:
        await refuse_child_online(station["id"], token=draft_key(token_of(request, KIND))[:30])
    await forget(request, KIND)
    answer = page(request, "registration/refused.html", sentence=child.message)
    answer.headers["cache-control"] = "no-store"
    return answer


def _who(answers: Answers) -> tuple[Identity, Any] | None:
    """The document and the birth date that were typed; None before they can be read."""
    form = answers.form("identity")
    try:
        identity = parse_identity(_id_type(form), form.id_number.data or "", today=today())
        return identity, birth_of(identity, form.birth_date.data, today())
    except RuleBroken:
        return None


def _standing(answers: Answers) -> AgeStanding | None:
    who = _who(answers)
    if who is None:
        return None
    return age_standing(who[1], who[0].gender or answers.form("identity").gender.data or None, today())


def _juvenile(answers: Answers) -> bool:
    return _standing(answers) is AgeStanding.JUVENILE


def _pension(answers: Answers) -> bool:
    who = _who(answers)
    return bool(
        who
        and _standing(answers) is not AgeStanding.JUVENILE
        and pension_asked(who[1], who[0].gender or answers.form("identity").gender.data or None, today())
    )


def _certified(answers: Answers) -> bool:
    trades = answers.form("trades").trades.data or ()
    return any(certificate.special for code in trades if code in TRADES for certificate in TRADES[code].certificates)


async def _certificates(request: StationRequest, form: forms.CertificatesForm, answers: Answers) -> None:
    """Every chosen trade that needs one has one, with number and date."""
    for gap in certificate_gaps(answers.form("trades").trades.data or (), form.held()):
        raise gap


async def _pin(request: StationRequest, form: forms.NewPinForm, answers: Answers) -> None:
    """Not one that somebody who knows the person would try; the phone gets its cookie, so that it is there when all is done."""
    check_pin(form.pin.data, **_guesses(answers))
    keep_phone(request, phone_of(request) or devices.new_device_token())


def _guesses(answers: Answers) -> dict[str, Any]:
    who = _who(answers)
    phones = [parse_phone(answers.form("phone").phone.data or "")]
    if _juvenile(answers):
        phones.append(parse_phone(answers.form("guardian").guardian_phone.data or ""))
    return {"birth": who[1] if who else None, "phones": phones, "id_number": who[0].number if who else ""}


async def _peppered(request: StationRequest, form: forms.NewPinForm, answers: Answers) -> dict[str, list[str]]:
    """The draft keeps the PIN's keyed hash, never the PIN."""
    return {"pin": [peppered(form.pin.data)]}


def _when_said(form: forms.WhenForm) -> list[tuple[str, str]]:
    return [("能干活的时间", slots_text(",".join(form.chosen())))]


def _notice_said(form: forms.NoticeForm) -> list[tuple[str, str]]:
    return [("告知书和承诺", "看过了，同意")]


def _pin_said(form: forms.NewPinForm) -> list[tuple[str, str]]:
    return [("密码", "已设好")]


def _identity_said(form: forms.IdentityForm) -> list[tuple[str, str]]:
    rows = [("姓名", form.name.data), (IdType.label_of(_id_type(form).value), form.id_number.data)]
    rows += [("出生日期", shown(form.birth_date)), ("性别", shown(form.gender))] if form.birth_date.data else []
    return [(label, text) for label, text in rows if text]


WIZARD = Wizard(
    kind=KIND,
    start="/register",
    title="求职登记",
    button="都对，提交登记",
    questions=(
        Question("station", forms.StationForm, "哪个驿站离您近？", prepare=_stations, template="registration/station.html"),
        Question("notice", forms.NoticeForm, "先看看告知书", prepare=_notice, said=_notice_said, template="registration/notice.html"),
        Question(
            "identity",
            forms.IdentityForm,
            "您叫什么，证件号码多少？",
            check=_identity,
            said=_identity_said,
            template="registration/identity.html",
        ),
        Question("guardian", forms.GuardianForm, "您未满18周岁，谁是监护人？", when=_juvenile),
        Question("pension", forms.PensionForm, "领取养老金了吗？", when=_pension),
        Question("phone", forms.PhoneForm, "打哪个电话找您？"),
        Question("trades", forms.TradesForm, "想干什么活？", template="registration/trades.html"),
        Question(
            "certificates",
            forms.CertificatesForm,
            "这样的活要有证才能干",
            when=_certified,
            check=_certificates,
        ),
        Question("when", forms.WhenForm, "什么时候能干活？", said=_when_said, template="registration/when.html"),
        Question("home", forms.HomeForm, "住在哪一带？"),
        Question("more", forms.MoreForm, "还有什么要告诉驿站的？（都可以不填）"),
        Question(
            "pin",
            forms.NewPinForm,
            "设一个6位数字密码",
            check=_pin,
            kept=_peppered,
            said=_pin_said,
            template="registration/pin.html",
        ),
    ),
)


def new_seeker(answers: Answers) -> NewSeeker:
    """What was typed on all pages, as the action wants it."""
    identity, phone, more = answers.form("identity"), answers.form("phone"), answers.form("more")
    home, asked = answers.form("home"), {one.name for one in answers.asked()}
    guardian = answers.form("guardian") if "guardian" in asked else None
    pension = answers.form("pension").pension.data if "pension" in asked else ""
    notice = answers.form("notice")
    return NewSeeker(
        name=identity.name.data,
        id_type=_id_type(identity),
        id_number=identity.id_number.data,
        phone=phone.phone.data,
        subdistrict=home.subdistrict.data,
        community=home.community.data,
        trades=tuple(answers.form("trades").trades.data or ()),
        slots=answers.form("when").chosen(),
        consent_method=ConsentMethod.ONLINE,
        birth_date=identity.birth_date.data,
        gender=identity.gender.data or "",
        phone_owner=phone.phone_owner.data or "",
        phone_shared=True,
        education=more.education.chosen,
        skills=more.skills.data or "",
        certificates=answers.form("certificates").held() if "certificates" in asked else (),
        pay_wish=more.pay_wish.data or "",
        max_km=more.max_km.data,
        pension=PensionStatus(pension) if pension in PensionStatus._value2member_map_ else None,
        guardian_name=guardian.guardian_name.data if guardian else "",
        guardian_phone=guardian.guardian_phone.data if guardian else "",
        guardian_consent=bool(guardian and guardian.guardian_consent.data),
        training_wish=more.training_wish.data or "",
        read_aloud=bool(more.read_aloud.data),
        original_seen=False,
        consent=bool(notice.consent.data),
        pledge=bool(notice.pledge.data),
    )


@get("/register", guards=[open_to_all], name="registration:start")
async def start(request: StationRequest) -> Response:
    """What registering needs and where it goes on: at the first page, or where somebody left off."""
    if wanted := own_path(request.query_params.get("next", "")):
        name = cookie_name(request.settings, WANTED)
        request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, quote(wanted), max_age=A_DAY))
    answers, finished = await WIZARD.resume(request)
    begun = bool(answers.pages) and not finished
    onward = finished or (WIZARD.address(answers.missing()) if begun else WIZARD.address(WIZARD.questions[0]))
    return page(request, "registration/start.html", onward=onward, begun=begun, finished=bool(finished), desk=at_a_desk(request))


@get("/register/done", guards=[open_to_all], name="registration:done")
async def finished(request: StationRequest) -> Response:
    """Received: what to bring where. The same words whether or not the document was registered before."""
    _, where = await WIZARD.resume(request)
    wanted = own_path(unquote(request.own_cookie(WANTED)))
    return page(request, "registration/done.html", received=bool(where), wanted=wanted, stations=await _open_stations())


async def _open_stations() -> list[dict[str, Any]]:
    return [row for row in await public_stations() if row["state"] == StationState.OPERATING.value]


@post("/register/anew", guards=[open_to_all], name="registration:anew")
async def anew(request: StationRequest) -> Response:
    """Begin with an empty draft: for somebody else on the same phone."""
    return await WIZARD.anew(request)


@get("/register/{name:str}", guards=[open_to_all], name="registration:page")
async def show(request: StationRequest, name: FromPath[str]) -> Response:
    """One question page with what was typed, or the page to check all answers; staff registers people at the desk."""
    if at_a_desk(request):
        return Redirect("/register", status_code=303)
    return await WIZARD.show(request, name)


@post("/register/{name:str}", guards=[open_to_all], name="registration:answer")
async def answer(request: StationRequest, name: FromPath[str]) -> Response:
    """Keep one page's answers and go on; the check page hands everything in."""
    if at_a_desk(request):
        return Redirect("/register", status_code=303)
    if name != CHECK:
        return await WIZARD.answer(request, name)
    return await _hand_in(request)


async def _hand_in(request: StationRequest) -> Response:
    answers, _ = await WIZARD.resume(request)
    typed = _typed_pin(answers)
    pin_hash = await hash_peppered(typed) if typed else ""  # slow on purpose, so not while the writer is held
    browser = phone_of(request) or devices.new_device_token()
    sessions: list[str] = []

    async def act(kept: Answers) -> str:
        if _typed_pin(kept) != typed or any(peppered_as(typed, each) == typed for each in own_pins(**_guesses(kept))):
            raise RuleBroken(TOO_EASY, "pin")
        code = (kept.typed("station").get("station") or [""])[0]
        label = phone_label(request.headers.get("user-agent", ""))
        sessions.append(
            await register_on_phone(
                new_seeker(kept),
                station_code=code,
                pin_hash=pin_hash,
                browser=browser,
                label=label,
                address=request.address,
                old_key=request.session_key,
            )
        )
        return DONE

    try:
        answered = await WIZARD.hand_in(request, act)
    except TooMany:
        raise TooManyRequestsException() from None
    if sessions and answered.status_code == 303:
        keep_phone(request, browser)
        keep_signed_in(request, sessions[-1])
    return answered


def _typed_pin(answers: Answers) -> str:
    return (answers.typed("pin").get("pin") or [""])[0]


ROUTES = [start, finished, anew, show, answer]
