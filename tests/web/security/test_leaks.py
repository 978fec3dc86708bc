"""Plain personal data are found where both sides said yes and on the papers of one's own station, and nowhere else."""

import hashlib
import io
import json
import re
from functools import cache
from html import unescape
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from tests.cast import LAKE, LING
from tests.web.security.month_work import GUARDED, guarded_proof_at, proof_at
from tests.web.security.scene import personal
from tests.web.security.tour import FAULT, Answer, Tour
from tests.web.security.working_day import note_at

pytestmark = pytest.mark.xdist_group("tour")  # it is taken once, by one process

PERSONAL = {1: personal(1), 2: personal(2)}
SECRETS = [(digit, kind, value) for digit, each in PERSONAL.items() for kind, values in each.secret.items() for value in values]
NAMES = [name for each in PERSONAL.values() for name in each.names]
STATION = {"STF": 1, "MGR": 1, "LGL": 1, "STF elsewhere": 2, "WKR": 1, "EMP": 1}
"""Whose papers and referrals a role may open at all."""

AGREEMENT = {"worker's id", "worker's phone", "employer's id", "employer's address", "contact's phone", "exact address"}
REFERRAL = {"worker's phone", "contact's phone", "exact address"}
ORDER = {"employer's id", "employer's phone", "employer's address", "contact's phone", "exact address"}
SEEKER = {"worker's id", "worker's phone", "guardian's phone", "certificate"}
STAFF, READERS = {"STF", "MGR", "STF elsewhere"}, {"STF", "MGR", "STF elsewhere", "LGL"}

SHOWN: list[tuple[str, set[str], set[str]]] = [
    (r"/desk/referrals/T\d+(/(worker-answer|employer-answer|cancellation|no-show))?", STAFF, REFERRAL),
    (r"/desk/referrals/T\d+/slip\.pdf", STAFF, REFERRAL),
    # Before anything is saved the text shows masked numbers; a company's credit code and addresses stand as they will be printed.
    (r"/desk/referrals/T\d+/agreement(/preview)?", STAFF, {"employer's id", "employer's address", "exact address"}),
    (r"/desk/agreements/X[^/]+(/paper\.pdf|/large-print\.pdf)?", READERS, AGREEMENT),
    (
        r"/desk/agreements/X[^/]+/(edit|preview|paper|scan|delivery|voiding|archive|completion|ending|amendment|cancellation|large-print)",
        STAFF,
        AGREEMENT,
    ),
    # The guided drafting shows the text as soon as nothing more is asked: numbers masked, addresses as they will be printed. Only the
    # household of the second station needs no answer.
    (r"/desk/referrals/T\d+/guidance(/[a-z]+(/look)?)?", {"STF elsewhere"}, {"employer's address", "exact address"}),
    # What both sides sign on the counter's screen, or each on the own phone, stands there in full.
    (r"/desk/agreements/X[^/]+/signing(/[a-z]+)?", STAFF, AGREEMENT),
    (r"/me/agreements/X[^/]+/signature", {"WKR"}, AGREEMENT),
    (r"/employer/agreements/X[^/]+/signature", {"EMP"}, AGREEMENT),
    (r"/desk/papers/\d+/paper\.pdf", READERS, AGREEMENT),
    (r"/desk/jobs/G[^/]+/form\.pdf", STAFF, ORDER),
    (r"/desk/seekers/Q\d+/form\.pdf", STAFF, SEEKER),
    # A call-back: the number of the side that is called, opened by one press and noted.
    (r"/desk/follow-ups/T\d+/start/worker/call", STAFF, {"worker's phone"}),
    # One's own agreements and matches: the other side's contact, and what stands on one's own paper.
    (r"/me/agreements/X[^/]+(/paper\.pdf|/large-print\.pdf)?", {"WKR"}, AGREEMENT),
    (r"/me/referrals/T\d+/slip\.pdf", {"WKR"}, REFERRAL),
    (r"/me/referrals/T\d+(/answer)?", {"WKR"}, {"contact's phone", "exact address"}),
    (r"/employer/jobs/G[^/]+/candidates", {"EMP"}, {"worker's phone"}),
    (r"/employer/referrals/T\d+/(answer|cancellation)", {"EMP"}, {"worker's phone"}),
]
"""(address, roles, kinds of data) where plain data may stand, of the role's own station only."""

PUBLIC = re.compile(r"/|/(jobs|stations|verify)\b.*|/sitemap\.xml|/robots\.txt|/sign-in|/type-size|/healthz|/static/.*")


@cache
def _pdf_text(digest: str, body: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


@cache
def _words(body: bytes, pdf: bool) -> str:
    """The answer's text twice: as it is, and without tags, spaces and dashes, as people read it."""
    text = _pdf_text(hashlib.sha256(body).hexdigest(), body) if pdf else body.decode("utf-8", "replace")
    return text + re.sub(r"<[^>]*>|\s|-", "", text)


def found(answer: Answer) -> set[tuple[int, str, str]]:
    """(station, kind, value) of every secret in the answer, headers included."""
    text = _words(answer.body, answer.pdf) + unquote(str(answer.headers.multi_items()))
    return {secret for secret in SECRETS if secret[2] in text}


def allowed(answer: Answer, records: dict) -> set[tuple[int, str]]:
    """(station, kind) that may stand in this answer."""
    path = answer.url.partition("?")[0]
    if records["LAKE"].proposed in path:
        return set()
    return {
        (STATION[answer.who], kind)
        for pattern, roles, kinds in SHOWN
        if re.fullmatch(pattern, path) and answer.who in roles
        for kind in kinds
    }


def test_plain_data_stand_on_pages_after_both_said_yes_and_on_ones_own_papers_only(tour: Tour):
    wrong = {
        f"{answer}: {kind}"
        for answer in tour.answers + tour.detours
        for digit, kind, _ in found(answer)
        if (digit, kind) not in allowed(answer, tour.records)
    }
    assert not sorted(wrong)


@pytest.mark.parametrize(("pattern", "roles", "kinds"), SHOWN, ids=[row[0] for row in SHOWN])
def test_what_may_be_shown_is_shown_somewhere(tour: Tour, pattern: str, roles: set[str], kinds: set[str]):
    """The table above does not outlive its reasons, and the search finds things."""
    seen: set[tuple[str, str]] = set()
    for answer in tour.answers + tour.detours:
        if re.fullmatch(pattern, answer.url.partition("?")[0]):
            seen |= {(answer.who, kind) for _, kind, _ in found(answer)}
    assert {who for who, _ in seen} == roles
    assert {kind for _, kind in seen} == kinds


def test_public_pages_and_papers_name_nobody(tour: Tour):
    public = [answer for answer in tour.answers + tour.detours if PUBLIC.fullmatch(answer.url.partition("?")[0])]
    assert len([answer for answer in public if answer.pdf]) > 20
    names = {f"{answer}: {name}" for answer in public for name in NAMES if name in _words(answer.body, answer.pdf)}
    assert not sorted(names)
    assert not [str(answer) for answer in public if found(answer)]


def test_a_visitor_is_shown_nothing_personal_anywhere(tour: Tour):
    asked = [answer for answer in tour.answers + tour.detours if answer.who == "visitor"]
    assert not [f"{answer}: {name}" for answer in asked for name in NAMES if name in _words(answer.body, answer.pdf)]
    assert not [str(answer) for answer in asked if found(answer)]


def test_officers_and_the_administrator_see_no_worker_by_name(tour: Tour):
    workers = {name for each in PERSONAL.values() for name in each.names[:4]}
    asked = [answer for answer in tour.answers + tour.detours if answer.who in ("OPR", "SUB", "SUB elsewhere", "DST", "ADM")]
    assert not sorted({f"{answer}: {name}" for answer in asked for name in workers if name in _words(answer.body, answer.pdf)})


OFFICERS = {LAKE: {"SUB", "DST"}, LING: {"SUB elsewhere", "DST"}}
COUNTER = {LAKE: {"STF", "MGR"}, LING: {"STF elsewhere"}}
GROUPS, ACTIVITY = r"/desk/seekers/Q\d+/groups(/\w+)?", r"/desk/activities/HD\d+"


@pytest.mark.parametrize("station", [LAKE, LING])
def test_groups_and_notes_are_read_where_they_belong_and_nowhere_else(tour: Tour, station: int):
    """What proved a group stays with who recorded it, of a guarded group with the manager; a note with station and supervisor."""
    words = {
        proof_at(station): (rf"{GROUPS}|/me/(groups|data(\.\w+)?)", COUNTER[station] | ({"WKR"} if station == LAKE else set())),
        guarded_proof_at(station): (GROUPS, COUNTER[station] & {"MGR"}),
        note_at(station).partition("，")[0]: (ACTIVITY, COUNTER[station] | OFFICERS[station]),
    }
    for text, (pattern, readers) in words.items():
        shown = [answer for answer in tour.answers + tour.detours if text in _words(answer.body, answer.pdf)]
        assert {answer.who for answer in shown} == readers, text
        assert not [str(answer) for answer in shown if not re.fullmatch(pattern, answer.url.partition("?")[0])]


def test_a_guarded_group_stands_beside_no_person_but_for_the_manager(tour: Tour):
    asked = [answer for answer in tour.answers + tour.detours if answer.route.startswith(("/desk/seekers", "/me/"))]
    shown = {answer.who for answer in asked if GUARDED.label in _words(answer.body, answer.pdf)}
    assert shown == {"MGR"}


def test_a_number_written_into_a_note_is_shown_to_nobody(tour: Tour):
    assert not [str(answer) for answer in tour.answers + tour.detours if "13955556666" in _words(answer.body, answer.pdf)]
    assert b"13955556666" not in tour.stored


_ATTRIBUTES = re.compile(r"""\s(?:href|src|action|formaction|hx-[\w-]+|data-[\w-]+)="([^"]*)\"""")


def _addresses(answer: Answer) -> list[str]:
    sent = [answer.headers[name] for name in ("location", "hx-redirect", "content-disposition") if name in answer.headers]
    if answer.html:
        sent += [unescape(value) for value in _ATTRIBUTES.findall(answer.body.decode())]
    return [unquote(address) for address in sent if not address.startswith("tel:")]  # dialled, never sent to a server


def test_no_address_we_link_to_or_send_people_to_carries_personal_data(tour: Tour):
    seen: dict[tuple[bytes, str], Answer] = {(answer.body, str(answer.headers.get("location"))): answer for answer in tour.all()}
    addresses = {(address, answer.url) for answer in seen.values() for address in _addresses(answer)}
    assert len(addresses) > 500
    wanted = [value for _, _, value in SECRETS] + NAMES + ["420199198502019999"]
    assert not sorted({f"{url}: {address}" for address, url in addresses for value in wanted if value in address})


def test_nothing_personal_lies_open_in_the_database(tour: Tour):
    for _, kind, value in SECRETS:
        assert value.encode() not in tour.stored, kind
        assert json.dumps(value).strip('"').encode() not in tour.stored, kind
    assert NAMES[0].encode() in tour.stored, "names are kept as they are, so the search would have found a number"


def test_nothing_lies_open_in_the_archive(tour: Tour):
    assert len(tour.kept) > 100_000
    assert b"%PDF" not in tour.kept
    for _, kind, value in SECRETS:
        assert value.encode() not in tour.kept, kind


def test_nothing_personal_is_printed_or_logged(tour: Tour):
    assert tour.fault is not None
    assert tour.fault.status == 500
    assert "RuntimeError" in tour.printed, "the unexpected error was logged"
    wanted = [value for _, _, value in SECRETS] + NAMES + [FAULT, "420199198502019999"]
    assert not [value for value in wanted if value in tour.printed or json.dumps(value).strip('"') in tour.printed]
    assert FAULT not in tour.fault.body.decode()


def test_a_refused_form_shows_its_own_typing_and_nothing_else(tour: Tour):
    typed = {"420199198502019999", "19915556677", "13911113301", "示范货场丙1区3号库2楼", "金港示范工业园甲7栋5门", "13888884401"}
    assert not [f"{answer}: {kind}" for answer in tour.typed for _, kind, value in found(answer) if value not in typed]
    assert not [str(answer) for answer in tour.typed if answer.url == "/sign-in" and "420199198502019999" in answer.body.decode()]
