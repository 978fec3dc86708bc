"""/employers/register: an employer registers alone, on a phone; it waits to be verified with its documents."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from db import archive
from db.actions import employer_accounts as actions
from db.archive import Kept, KeptScan
from db.clock import today
from db.passwords import hash_password
from db.queries.stations import public_stations
from rules.codes import EmployerDocumentKind, EmployerKind, IdType, StationState
from rules.documents import EMPLOYER_PLEDGE
from rules.employer_documents import NewDocument
from rules.employer_notice import NOTICE_VERSION, employer_notice
from rules.employers import NewEmployer, check_id
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.permissions import Permission
from rules.scans import ScanType
from web.employer_sessions import keep_signed_in
from web.forms import employer_registration as forms
from web.forms.registration import StationForm
from web.guards import open_to_all
from web.papers import station_imprint
from web.render import page
from web.request import StationRequest
from web.wizard import CHECK, Answers, Question, Wizard

START = "/employers/register"
HOME = "/employer"
COMPARED = "网上登记，本人说对照过营业执照；核验时看原件"


async def _open_stations() -> list[dict[str, Any]]:
    return [row for row in await public_stations() if row["state"] == StationState.OPERATING.value]


async def _stations(request: StationRequest, form: StationForm, answers: Answers) -> dict[str, Any]:
    """The stations that take registrations, by subdistrict."""
    rows = await _open_stations()
    form.station.choices = [(row["code"], row["name"]) for row in rows]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["subdistrict_name"], []).append(row)
    return {"groups": groups}


async def _notice(request: StationRequest, form: forms.NoticeForm, answers: Answers) -> dict[str, Any]:
    """The notice with the names of the chosen station (PIPL art. 17)."""
    code = (answers.typed("station").get("station") or [""])[0]
    station = next((row for row in await public_stations() if row["code"] == code), None)
    notice = employer_notice(station_imprint(station), station["operator"]) if station else ()
    return {"notice": notice, "notice_version": NOTICE_VERSION, "pledge_text": EMPLOYER_PLEDGE}


def _kind(answers: Answers) -> EmployerKind:
    chosen = answers.typed("kind").get("kind") == [EmployerKind.INDIVIDUAL.value]
    return EmployerKind.INDIVIDUAL if chosen else EmployerKind.UNIT


def _unit(answers: Answers) -> bool:
    return _kind(answers) is EmployerKind.UNIT


def _household(answers: Answers) -> bool:
    return not _unit(answers)


def _sent_by_another(answers: Answers) -> bool:
    people = answers.typed("people")
    return _unit(answers) and people.get("agent_name") != people.get("legal_representative")


async def _called(request: StationRequest, form: forms.NameForm, answers: Answers) -> dict[str, Any]:
    """A unit has a name on its licence, a person one on the card."""
    form.name.label.text = "单位名称" if _unit(answers) else "姓名"
    form.name.hint = "和营业执照上的一样" if _unit(answers) else "和身份证上的一样"
    return {}


async def _code(request: StationRequest, form: forms.CodeForm, answers: Answers) -> None:
    """The code is looked at at once; one that fails its check is asked about, not refused (7.10)."""
    checked = check_id(EmployerKind.UNIT, "", form.id_number.data, today=today())
    if checked.warning and not form.compared.data:
        raise RuleBroken("代码校验没通过。请对照营业执照再看一遍；没有抄错的，勾“我对照过营业执照”再按下一步。", "id_number")


async def _identity(request: StationRequest, form: forms.IdentityForm, answers: Answers) -> None:
    """The number is looked at at once."""
    check_id(EmployerKind.INDIVIDUAL, form.id_type.data, form.id_number.data, today=today())


async def _phone(request: StationRequest, form: forms.PhoneForm, answers: Answers) -> None:
    """A telephone number that can be called."""
    parse_phone(form.phone.data)


async def _file(request: StationRequest, form: Any, answers: Answers) -> None:
    """A picture that was chosen is opened, found sound and kept, sealed; without one the licence is shown at the counter."""
    upload = await request.upload("scan")
    form.kept = None
    if upload is not None:
        await actions.count_upload(request.address)
        form.kept = await archive.keep_scan(await upload.read())


async def _kept_file(request: StationRequest, form: Any, answers: Answers) -> dict[str, list[str]]:
    """The draft keeps where the picture lies; a new one takes the place of the one sent before."""
    before = answers.typed("licence-file").get("scan") or []
    if form.kept is None:
        return {"scan": before}
    if before:
        await archive.discard(before[0])
    scan: KeptScan = form.kept
    return {"scan": [scan.kept.key, scan.kept.sha256, str(scan.kept.size), scan.kind.value]}


async def _hashed(request: StationRequest, form: forms.NewPasswordForm, answers: Answers) -> dict[str, list[str]]:
    """The draft keeps the password's hash, never the password."""
    return {"new_password": [await hash_password(form.new_password.data or "")]}


def _notice_said(form: forms.NoticeForm) -> list[tuple[str, str]]:
    return [("告知书和承诺", "看过了，同意")]


def _file_said(form: forms.LicenceFileForm) -> list[tuple[str, str]]:
    return [("营业执照", "照片已上传" if form.scan.data else "不上传，核验时带原件")]


def _password_said(form: forms.NewPasswordForm) -> list[tuple[str, str]]:
    return [("密码", "已设好")]


def _identity_said(form: forms.IdentityForm) -> list[tuple[str, str]]:
    return [(IdType.label_of(form.id_type.data), form.id_number.data)]


_T = "employer_registration/"
WIZARD = Wizard(
    kind="employer",
    start=START,
    title="雇主登记",
    button="都对，提交登记",
    questions=(
        Question("station", StationForm, "到哪个驿站核验最方便？", prepare=_stations, template="registration/station.html"),
        Question("notice", forms.NoticeForm, "先看看告知书和承诺", prepare=_notice, said=_notice_said, template=f"{_T}notice.html"),
        Question("kind", forms.KindForm, "是单位招人，还是自己家里用人？"),
        Question("name", forms.NameForm, "叫什么名称？", prepare=_called),
        Question("code", forms.CodeForm, "统一社会信用代码是多少？", when=_unit, check=_code, template=f"{_T}code.html"),
        Question("identity", forms.IdentityForm, "您的证件号码？", when=_household, check=_identity, said=_identity_said),
        Question("people", forms.PeopleForm, "法定代表人和经办人是谁？", when=_unit),
        Question("authorisation", forms.AuthorisationForm, "经办人有授权委托书吗？", when=_sent_by_another),
        Question("phone", forms.PhoneForm, "打哪个电话找您？", check=_phone),
        Question("address", forms.AddressForm, "地址在哪里？"),
        Question("licences", forms.LicencesForm, "是中介机构或者劳务派遣单位吗？", when=_unit),
        Question("more", forms.MoreForm, "还有两件事（都可以不填）", when=_unit),
        Question(
            "licence-file",
            forms.LicenceFileForm,
            "上传营业执照（可以不传）",
            when=_unit,
            check=_file,
            kept=_kept_file,
            said=_file_said,
            template=f"{_T}file.html",
            files=True,
        ),
        Question("password", forms.NewPasswordForm, "设一个登录密码", kept=_hashed, said=_password_said, template=f"{_T}password.html"),
    ),
)


def new_employer(answers: Answers) -> NewEmployer:
    """What was typed on all pages, as the action wants it."""
    unit = _unit(answers)
    identity = answers.form("code" if unit else "identity")
    people, licences, more = answers.form("people"), answers.form("licences"), answers.form("more")
    return NewEmployer(
        kind=_kind(answers),
        name=answers.form("name").name.data,
        id_type="" if unit else identity.id_type.data,
        id_number=identity.id_number.data,
        address=answers.form("address").address.data,
        legal_representative=people.legal_representative.data or "" if unit else "",
        agent_name=people.agent_name.data or "" if unit else "",
        phone=answers.form("phone").phone.data,
        authorisation=answers.form("authorisation").authorisation.data or "" if _sent_by_another(answers) else "",
        industry=more.industry.data or "" if unit else "",
        agency=unit and bool(licences.agency.data),
        dispatch=unit and bool(licences.dispatch.data),
        licence_no=licences.licence_no.data or "" if unit else "",
        name_public=unit and bool(more.name_public.data),
        id_proof=COMPARED if unit and identity.compared.data else "",
    )


def sent_documents(answers: Answers) -> list[tuple[NewDocument, KeptScan]]:
    """The licence's picture, where one was sent; it waits to be checked."""
    kept = answers.typed("licence-file").get("scan") or []
    if not _unit(answers) or len(kept) != 4:
        return []
    key, sha256, size, media_type = kept
    document = NewDocument(EmployerDocumentKind.LICENCE, number=answers.form("code").id_number.data or "")
    return [(document, KeptScan(ScanType(media_type), Kept(key, sha256, int(size))))]


@get(START, guards=[open_to_all], name="employer-registration:start")
async def start(request: StationRequest) -> Response:
    """What registering needs and where it goes on: at the first page, or where somebody left off."""
    answers, finished = await WIZARD.resume(request)
    begun = bool(answers.pages) and not finished
    onward = finished or (WIZARD.address(answers.missing()) if begun else WIZARD.address(WIZARD.questions[0]))
    desk = bool(request.signed_in and request.signed_in.may(Permission.EMPLOYERS_REGISTER))
    return page(request, "employer_registration/start.html", onward=onward, begun=begun, finished=bool(finished), desk=desk)


@post(f"{START}/anew", guards=[open_to_all], name="employer-registration:anew")
async def anew(request: StationRequest) -> Response:
    """Begin with an empty draft: for another employer on the same phone. A picture that was sent goes with the typing."""
    answers, _ = await WIZARD.resume(request)
    if kept := answers.typed("licence-file").get("scan"):
        await archive.discard(kept[0])
    return await WIZARD.anew(request)


@get(f"{START}/{{name:str}}", guards=[open_to_all], name="employer-registration:page")
async def show(request: StationRequest, name: FromPath[str]) -> Response:
    """One question page with what was typed, or the page to check all answers."""
    return await WIZARD.show(request, name)


@post(f"{START}/{{name:str}}", guards=[open_to_all], name="employer-registration:answer")
async def answer(request: StationRequest, name: FromPath[str]) -> Response:
    """Keep one page's answers and go on; the check page hands everything in."""
    try:
        return await (_hand_in(request) if name == CHECK else WIZARD.answer(request, name))
    except actions.TooMany:
        raise TooManyRequestsException() from None


async def _hand_in(request: StationRequest) -> Response:
    tokens: list[str] = []

    async def act(answers: Answers) -> str:
        registered = await actions.register_self(
            new_employer(answers),
            station_code=(answers.typed("station").get("station") or [""])[0],
            password_hash=(answers.typed("password").get("new_password") or [""])[0],
            notice_version=NOTICE_VERSION,
            documents=sent_documents(answers),
            address=request.address,
            old_key=request.session_key,
        )
        tokens.append(registered.token)
        return HOME

    said = "登记已收到。请带证照原件到驿站核验，核验后就能发布招工。"
    answered = await WIZARD.hand_in(request, act, said=said)
    if tokens and answered.status_code == 303:
        keep_signed_in(request, tokens[-1])
    return answered


ROUTES = [start, anew, show, answer]
