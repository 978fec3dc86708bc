"""The texts of agreements (协议文本): read by everybody who drafts or supervises, amended by the district."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import wordings as actions
from db.clock import today
from db.queries import wordings as queries
from db.scans import check_scan
from rules.agreement_values import day_text
from rules.agreements import AgreementText, fill
from rules.codes import LABOUR_CONTRACTS, OFFICIAL_TEXTS, ON_PAPER_ONLY, AgreementType, WordingOrigin
from rules.errors import RuleBroken, RulesBroken
from rules.official_texts import MAXIMUM_BYTES, OfficialFile, official_file
from rules.permissions import Permission
from rules.wording_changes import changes, next_version, sample_values
from rules.wordings import Wording, read_wording
from web.forms.wordings import AmendForm, OfficialTextForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/wordings"
_READ, _SET = needs(Permission.WORDINGS_READ), needs(Permission.WORDINGS_SET)


def _kind(name: str) -> AgreementType:
    return found(AgreementType(name) if name in AgreementType.__members__ else None)


async def _text(kind: AgreementType, version: str) -> Wording:
    try:
        return await queries.wording(kind, version)
    except LookupError:
        return found(None)


@get(HOME, guards=[_READ], name="wordings:list")
async def wordings(request: StationRequest) -> Response:
    """Every type of agreement: which text is in force, who signs it how."""
    rows = []
    for kind in AgreementType:
        official = await queries.official_text(kind) if kind in OFFICIAL_TEXTS else None
        rows.append({"kind": kind, "text": await queries.wording_in_force(kind), "official": official})
    return page(request, "wordings/index.html", rows=rows, labour=LABOUR_CONTRACTS, paper_only=ON_PAPER_ONLY, officials=OFFICIAL_TEXTS)


async def _sheet(request: StationRequest, kind: AgreementType, form: OfficialTextForm) -> dict[str, Any]:
    after = request.query_params.get("after", "")
    rows = await queries.versions_of(kind, after)
    home = f"{HOME}/{kind.value}"
    return {
        "kind": kind,
        "text": await queries.wording_in_force(kind),
        "versions": rows.rows,
        "links": {"previous": home if after else None, "next": f"{home}?after={rows.next}" if rows.next else None},
        "is_official": kind in OFFICIAL_TEXTS,
        "officials": await queries.officials_of(kind) if kind in OFFICIAL_TEXTS else [],
        "origins": WordingOrigin,
        "files": OfficialFile,
        "form": form,
        "day": today(),
    }


@get(f"{HOME}/{{name:str}}", guards=[_READ], name="wordings:type")
async def one_type(request: StationRequest, name: FromPath[str]) -> Response:
    """One type: every version of its text, and the official model texts."""
    return page(request, "wordings/type.html", **await _sheet(request, _kind(name), OfficialTextForm()))


@get(f"{HOME}/{{name:str}}/versions/{{version:str}}", guards=[_READ], name="wordings:version")
async def one_version(request: StationRequest, name: FromPath[str], version: FromPath[str]) -> Response:
    """One version as it reads, or beside another one (`against`) with the differences marked."""
    kind = _kind(name)
    text = await _text(kind, version)
    against = request.query_params.get("against", "")
    other = await _text(kind, against) if against else None
    rows = await queries.versions_of(kind)
    return page(
        request,
        "wordings/version.html",
        kind=kind,
        text=text,
        other=other,
        changes=changes(other, text) if other else [],
        versions=[row["version"] for row in rows.rows if row["version"] != version],
    )


async def _newest(kind: AgreementType) -> Wording:
    if kind in OFFICIAL_TEXTS:
        return found(None)
    return await queries.wording(kind, (await queries.newest_version(kind))["version"])


def _editing(form: AmendForm, before: Wording) -> dict[str, Any]:
    text, faults = _preview(form, before)
    return {
        "kind": before.type,
        "form": form,
        "amending": before,
        "following": next_version(before.version),
        "text": text,
        "faults": faults,
    }


def _preview(form: AmendForm, before: Wording) -> tuple[AgreementText | None, list[str]]:
    """The typed text with 甲方示例 in its places; or why it cannot be shown."""
    try:
        amended = read_wording(before.type, next_version(before.version), before_body(form, before))
        return fill(amended, sample_values(amended), tuple(amended.modules)), []
    except RulesBroken as broken:
        return None, [one.message for one in broken.broken]


def before_body(form: AmendForm, before: Wording) -> dict[str, Any]:
    """The typed text as data, with the signatures of the text before."""
    blocks = [
        {"side": block.side, "label": block.label, "lines": list(block.lines), "seal": block.seal, "place": block.place}
        for block in before.signatures
    ]
    return {**form.body(before), "signatures": blocks, "required": list(before.required), "asked": list(before.asked)}


@get(f"{HOME}/{{name:str}}/amend", guards=[_SET], name="wordings:amend-form")
async def amend_form(request: StationRequest, name: FromPath[str]) -> Response:
    """The newest text as a form, one field per article."""
    before = await _newest(_kind(name))
    return page(request, "wordings/amend.html", **_editing(AmendForm.for_text(before).prefilled(before), before))


@post(f"{HOME}/{{name:str}}/amend", guards=[_SET], name="wordings:amend")
async def amend(request: StationRequest, name: FromPath[str]) -> Response:
    """Keep the next version; agreements drafted and papers printed before keep their text."""
    kind = _kind(name)
    form, before = await _posted(request, kind)

    async def act() -> str:
        return await actions.amend_wording(
            kind, form.before.data or "", form.body(before), in_force_from=form.in_force_from.data, note=form.note.data, actor=request.actor
        )

    answer = None
    if form.validate():
        answer = await submit(
            request, form, act, to=lambda version: f"{HOME}/{kind.value}/versions/{version}", said="新文本已保存，到日子起用。"
        )
    return answer or again(request, "wordings/amend.html", **_editing(form, before))


async def _posted(request: StationRequest, kind: AgreementType) -> tuple[AmendForm, Wording]:
    """The form of the text that was in front of the person, also when there is a newer one by now."""
    newest = await _newest(kind)
    typed = await request.typed()
    version = str(typed.get("before") or "")
    try:
        before = await queries.wording(kind, version) if version else newest
    except LookupError:
        before = newest
    return AmendForm.for_text(before)(typed), before


@post(f"{HOME}/{{name:str}}/amend/preview", guards=[_SET], name="wordings:amend-preview")
async def amend_preview(request: StationRequest, name: FromPath[str]) -> Response:
    """The typed text as it would read."""
    form, before = await _posted(request, _kind(name))
    return page(request, "wordings/amend.html", fragment="wordings/_preview.html", **_editing(form, before))


@post(f"{HOME}/{{name:str}}/official", guards=[_SET], name="wordings:set-official")
async def set_official(request: StationRequest, name: FromPath[str]) -> Response:
    """Upload an official model text (示范文本)."""
    kind = _kind(name)
    form = await OfficialTextForm.posted(request)
    sound = form.validate()
    try:
        body, file = await _chosen(request)
        answer = await _take(request, kind, form, body, file) if sound else None
    except RuleBroken as broken:
        form.refuse(broken)
        answer = None
    return answer or again(request, "wordings/type.html", **await _sheet(request, kind, form))


async def _chosen(request: StationRequest) -> tuple[bytes, OfficialFile]:
    """The file that was chosen. RuleBroken: none, or none that may be kept."""
    chosen = await request.upload("scan")
    if chosen is None:
        raise RuleBroken("请先选择文件。", "scan")
    body = await chosen.read(MAXIMUM_BYTES + 1)
    file = official_file(body)
    if file is OfficialFile.PDF:
        await check_scan(body)
    return body, file


async def _take(request: StationRequest, kind: AgreementType, form: OfficialTextForm, body: bytes, file: OfficialFile) -> Response | None:
    kept = await archive.keep(body)
    fresh: list[int] = []

    async def act() -> None:
        fresh[:] = [
            await actions.set_official_text(
                kind, form.title.data, form.issued_by.data, form.in_force_from.data, file, kept, actor=request.actor
            )
        ]

    first_day = form.in_force_from.data or today()
    when = "" if first_day <= today() else f"从{day_text(first_day)}起"
    answer = await submit(request, form, act, to=lambda _: f"{HOME}/{kind.value}", said=f"示范文本已上传，{when}各驿站可以下载。")
    if answer is None or not fresh:  # refused, or sent a second time
        await archive.discard(kept.key)
    return answer


@get(f"{HOME}/{{name:str}}/official/{{version:str}}", guards=[_READ], name="wordings:official")
async def official(name: FromPath[str], version: FromPath[str]) -> Response:
    """An official model text as a download."""
    kind = _kind(name)
    row = found(await queries.official_with(kind, version))
    file = OfficialFile(row["media_type"])
    headers = {
        "content-disposition": f'attachment; filename="official-{kind.value.lower()}.{file.ending}"',
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(await archive.opened(row["archive_key"], row["sha256"]), media_type=file.value, headers=headers)


ROUTES = [wordings, one_type, one_version, amend_form, amend, amend_preview, set_official, official]
