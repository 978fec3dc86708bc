"""Full personal data on request: a purpose first, the look kept, then the values once; and the alerts of those who watch over it."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import alerts as alert_actions
from db.actions.accounts import remember_submission
from db.actions.reveals import reveal
from db.errors import ConstraintViolated
from db.queries import alerts as alert_queries
from db.queries import reveals as queries
from db.queries.accounts import earlier_location
from db.queries.complaints import case_for, complaint_for
from db.queries.employers import employer_in
from db.queries.jobs import job_in, version_of
from db.queries.orders import order_in
from db.queries.seekers import certificates_of, seeker_in
from db.transaction import transact
from rules.codes import AlertKind, RevealPurpose
from rules.errors import RuleBroken
from rules.journal_reading import readable
from rules.permissions import Permission
from rules.reveals import FIELDS, SHOWN_SECONDS, Subject
from web.confirmation import confirm_first
from web.forms.privacy import AlertFilter, ClearForm, RevealForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

_SEEKERS, _ORDERS, _ALERTS = needs(Permission.REVEAL), needs(Permission.REVEAL_ORDERS), needs(Permission.ALERTS_READ)
_COMPLAINTS, _CASES = needs(Permission.COMPLAINTS_DECIDE), needs(Permission.CASES_WORK)
ALERTS = "/desk/alerts"


class _Record:
    """Whose data are asked for: the row found in reach, its page, and which fields it has."""

    def __init__(
        self, subject: Subject, id: int, name: str, home: str, available: Sequence[str], version: int = 0, *, part: str = ""
    ) -> None:
        self.subject, self.id, self.name, self.home, self.available, self.version = subject, id, name, home, available, version
        self.part = part

    @property
    def url(self) -> str:
        """The page that asks for the purpose."""
        return f"{self.home}{self.part}/reveal"


async def _seeker(request: StationRequest, number: str) -> _Record:
    row = found(await seeker_in(request.actor.scope, number))
    numbered = any(held["number_masked"] for held in await certificates_of(row["id"]))
    held = [name for name in ("id_number", "phone", "guardian_phone") if row[name]]
    return _Record(
        Subject.SEEKER,
        row["id"],
        f"{row['name']} {row['number']}",
        f"/desk/seekers/{row['number']}",
        held + (["certificates"] if numbered else []),
    )


async def _employer(request: StationRequest, employer_id: int) -> _Record:
    row = found(await employer_in(request.actor.scope, employer_id))
    held = [name for name in FIELDS[Subject.EMPLOYER] if row[name]]
    return _Record(Subject.EMPLOYER, row["id"], row["name"], f"/desk/employers/{row['id']}", held)


async def _job(request: StationRequest, number: str) -> _Record:
    row = found(await job_in(request.actor.scope, number))
    version = found(await version_of(row["id"], row["version"]))
    held = [name for name in FIELDS[Subject.JOB] if version[name]]
    return _Record(Subject.JOB, row["id"], f"{row['title']} {row['number']}", f"/desk/jobs/{row['number']}", held, row["version"])


async def _complaint(request: StationRequest, number: str) -> _Record:
    row = found(await complaint_for(request.actor, number))
    return _Record(Subject.COMPLAINT, row["id"], f"投诉 {row['number']}", f"/desk/complaints/{row['number']}", ["contact"])


async def _party(request: StationRequest, number: str, subject: Subject) -> _Record:
    """One side of a case: only what is needed to reach it."""
    row = found(await case_for(request.actor, number))
    fields = ["phone"] if subject is Subject.SEEKER else ["phone", "agent_name", "address"]
    side = "worker" if subject is Subject.SEEKER else "employer"
    name = f"{row['worker_name' if subject is Subject.SEEKER else 'employer_name']} {row['number']}"
    return _Record(subject, row[subject.value], name, f"/desk/cases/{row['number']}", fields, part=f"/{side}")


async def _order(request: StationRequest, number: str) -> _Record:
    """Another station's post whose order one's own station has in hand: whom to call there, never the exact place."""
    row = found(await order_in(request.actor.scope, number))
    mine = row["live"] is not None and row["live"]["station"] == request.actor.station_id
    version = found(await version_of(row["id"], row["published_version"])) if mine else found(None)
    held = [name for name in FIELDS[Subject.JOB] if name.startswith("contact") and version[name]]
    return _Record(
        Subject.JOB, row["id"], f"{row['title']} {row['number']}", f"/desk/orders/{row['number']}", held, row["published_version"]
    )


def _ask(request: StationRequest, record: _Record) -> Response:
    confirm_first(request)
    asked = request.query_params.get("field", "")
    form = RevealForm.about(record.subject, record.available, fields=[asked] if asked in record.available else [])
    return page(request, "privacy/reveal.html", fragment="privacy/_form.html", form=form, record=record, values=None)


async def _answer(request: StationRequest, record: _Record) -> Response:
    """The values, once: the look is kept and committed before any of them is opened. Nothing behind a session is stored."""
    form = RevealForm.about(record.subject, record.available, await request.typed())
    chosen = await _look(request, form, record) if form.validate() else None
    if chosen is None:
        return again(request, "privacy/reveal.html", fragment="privacy/_form.html", form=form, record=record, values=None)
    values = await queries.opened_fields(record.subject, record.id, chosen, record.version)
    shown = page(
        request, "privacy/reveal.html", fragment="privacy/_values.html", form=form, record=record, values=values, seconds=SHOWN_SECONDS
    )
    if not request.wants_fragment:
        shown.headers["refresh"] = f"{SHOWN_SECONDS}; url={record.home}"  # also where no script runs
    return shown


async def _look(request: StationRequest, form: RevealForm, record: _Record) -> tuple[str, ...] | None:
    """Keep the look; None when a rule refuses it. A form that was sent before opens nothing a second time.

    ConfirmFirst: the password was not given within ten minutes.
    """
    token = form.form_token.data or ""

    confirm_first(request)

    async def once() -> tuple[str, ...]:
        chosen = await reveal(
            record.subject,
            record.id,
            form["fields"].data,
            purpose=RevealPurpose(form.purpose.data),
            note=form.note.data or "",
            actor=request.actor,
        )
        await remember_submission(token, record.url, actor=request.actor)
        return chosen

    try:
        if not await earlier_location(token):
            return await transact(once)
    except RuleBroken as broken:
        form.refuse(broken)
        return None
    except ConstraintViolated:
        pass  # the other click of two was faster
    form.form_token.data = RevealForm().form_token.data
    form.refuse(RuleBroken("这次查看已经结束。要再看，请核对用途后重新提交。"))
    return None


@get("/desk/seekers/{number:str}/reveal", guards=[_SEEKERS], name="privacy:ask-seeker")
async def ask_seeker(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before a seeker's numbers are shown; it shows none."""
    return _ask(request, await _seeker(request, number))


@post("/desk/seekers/{number:str}/reveal", guards=[_SEEKERS], name="privacy:reveal-seeker", status_code=200)
async def reveal_seeker(request: StationRequest, number: FromPath[str]) -> Response:
    """A seeker's full numbers, once."""
    return await _answer(request, await _seeker(request, number))


@get("/desk/employers/{employer_id:int}/reveal", guards=[_ORDERS], name="privacy:ask-employer")
async def ask_employer(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """What for? The page that asks before an employer's data are shown."""
    return _ask(request, await _employer(request, employer_id))


@post("/desk/employers/{employer_id:int}/reveal", guards=[_ORDERS], name="privacy:reveal-employer", status_code=200)
async def reveal_employer(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """An employer's full data, once."""
    return await _answer(request, await _employer(request, employer_id))


@get("/desk/jobs/{number:str}/reveal", guards=[_ORDERS], name="privacy:ask-job")
async def ask_job(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before contact and exact address of a post are shown."""
    return _ask(request, await _job(request, number))


@post("/desk/jobs/{number:str}/reveal", guards=[_ORDERS], name="privacy:reveal-job", status_code=200)
async def reveal_job(request: StationRequest, number: FromPath[str]) -> Response:
    """Contact and exact address of a post, once."""
    return await _answer(request, await _job(request, number))


@get("/desk/complaints/{number:str}/reveal", guards=[_COMPLAINTS], name="privacy:ask-complaint")
async def ask_complaint(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before the complainant's phone is shown to whoever answers."""
    return _ask(request, await _complaint(request, number))


@post("/desk/complaints/{number:str}/reveal", guards=[_COMPLAINTS], name="privacy:reveal-complaint", status_code=200)
async def reveal_complaint(request: StationRequest, number: FromPath[str]) -> Response:
    """The phone of whoever complained, once."""
    return await _answer(request, await _complaint(request, number))


@get("/desk/cases/{number:str}/worker/reveal", guards=[_CASES], name="privacy:ask-case-worker")
async def ask_case_worker(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before the phone of the worker of a case is shown."""
    return _ask(request, await _party(request, number, Subject.SEEKER))


@post("/desk/cases/{number:str}/worker/reveal", guards=[_CASES], name="privacy:reveal-case-worker", status_code=200)
async def reveal_case_worker(request: StationRequest, number: FromPath[str]) -> Response:
    """The phone of the worker of a case, once."""
    return await _answer(request, await _party(request, number, Subject.SEEKER))


@get("/desk/cases/{number:str}/employer/reveal", guards=[_CASES], name="privacy:ask-case-employer")
async def ask_case_employer(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before the employer of a case can be reached."""
    return _ask(request, await _party(request, number, Subject.EMPLOYER))


@post("/desk/cases/{number:str}/employer/reveal", guards=[_CASES], name="privacy:reveal-case-employer", status_code=200)
async def reveal_case_employer(request: StationRequest, number: FromPath[str]) -> Response:
    """How the employer of a case is reached, once."""
    return await _answer(request, await _party(request, number, Subject.EMPLOYER))


@get("/desk/orders/{number:str}/reveal", guards=[_ORDERS], name="privacy:ask-order")
async def ask_order(request: StationRequest, number: FromPath[str]) -> Response:
    """What for? The page that asks before whoever took an order sees whom to call."""
    return _ask(request, await _order(request, number))


@post("/desk/orders/{number:str}/reveal", guards=[_ORDERS], name="privacy:reveal-order", status_code=200)
async def reveal_order(request: StationRequest, number: FromPath[str]) -> Response:
    """The contact of a demand one's own station took, once."""
    return await _answer(request, await _order(request, number))


@get(ALERTS, guards=[_ALERTS], name="privacy:alerts")
async def alerts(request: StationRequest) -> Response:
    """What the product told the manager or officer by itself, newest first; what nobody has dealt with unless asked."""
    return page(request, "privacy/alerts.html", fragment="privacy/_alerts.html", **await _alerts(request))


@post(ALERTS, guards=[needs(Permission.ALERTS_CLEAR)], name="privacy:clear-alert")
async def clear_alert(request: StationRequest) -> Response:
    """Somebody has dealt with an alert."""
    form = await ClearForm.posted(request)
    row = await alert_queries.alert_in(request.actor.scope, form.id)
    if row is None:
        form.refuse(RuleBroken("没有找到这条提醒，请刷新页面再看。"))
    elif saved := await submit(
        request, form, lambda: alert_actions.clear_alert(form.id, actor=request.actor), to=lambda _: ALERTS, said="已记下：提醒已办。"
    ):
        return saved
    return again(request, "privacy/alerts.html", **await _alerts(request, form))


async def _alerts(request: StationRequest, refused: ClearForm | None = None) -> dict[str, Any]:
    form = AlertFilter(request.query_params)
    kind = AlertKind(form.kind.data) if form.kind.data in AlertKind._value2member_map_ else None
    cleared, after = form.cleared.data == "1", request.query_params.get("after", "")
    rows = await alert_queries.alerts_of(request.actor.scope, kind=kind, cleared=cleared, after=after)
    kept = {name: value for name, value in (("kind", kind.value if kind else ""), ("cleared", "1" if cleared else "")) if value}
    home = f"{ALERTS}?{urlencode(kept)}" if kept else ALERTS
    further = f"{ALERTS}?{urlencode({**kept, 'after': rows.next})}" if rows.next else ""
    return {
        "form": form,
        "refused": refused or ClearForm(),
        "rows": [{**row, "form": ClearForm(), "words": readable(json.loads(row["details"] or "{}"))} for row in rows.rows],
        "links": {"previous": home if after else "", "next": further},
        "cleared": cleared,
        "narrowed": bool(kept),
    }


ROUTES = [
    ask_seeker,
    reveal_seeker,
    ask_employer,
    reveal_employer,
    ask_job,
    reveal_job,
    ask_order,
    reveal_order,
    ask_complaint,
    reveal_complaint,
    ask_case_worker,
    reveal_case_worker,
    ask_case_employer,
    reveal_case_employer,
    alerts,
    clear_alert,
]
