"""Who gets which answer where: the product beside the reviewed table tests/house/authorization.csv."""

import re

import pytest

from tests.house.authorization import table
from tests.web.security.scene import Records
from tests.web.security.tour import BY_ID, COLUMNS, MISSING, NOT_APPLIED, Answer, Tour, value_of

pytestmark = pytest.mark.xdist_group("tour")  # it is taken once, by one process


def test_every_answer_is_the_one_the_table_names(tour: Tour):
    expected = table()
    wrong = []
    for answer in tour.answers:
        row = expected.get((answer.route, answer.method))
        want = row.statuses(answer.who).get(answer.record) if row else None
        if want != answer.status:
            wrong.append(f"{answer}, record {answer.record}: {answer.status}, the table says {want}")
    assert not wrong


def test_the_tour_asked_everything_in_the_table(tour: Tour):
    asked = {(answer.route, answer.method, answer.who, answer.record) for answer in tour.answers}
    missed = [
        (*key, who, record) for key, row in table().items() for who in COLUMNS for record in row.records if (*key, who, record) not in asked
    ]
    assert not missed


def test_no_answer_is_a_fault_of_ours(tour: Tour):
    assert not [f"{answer}: {answer.status}" for answer in tour.all() if answer.status >= 500]


LEADS_ON = {
    **dict.fromkeys(
        ("/desk/seekers/search", "/desk/jobs/{number}/candidates"), "looks only: what was typed goes to the list's own address"
    ),
    **dict.fromkeys(("/sign-out", "/me/sign-out", "/employer/sign-out"), "ends one's own session"),
    **dict.fromkeys(("/register/anew", "/register/{name}"), "begins the pages of a registration"),
    **dict.fromkeys(("/employers/register/anew", "/employers/register/{name}"), "begins the pages of a registration"),
    **dict.fromkeys(("/employer/jobs/fresh", "/jobs/alerts/code"), "begins its pages anew"),
    **dict.fromkeys(
        ("/desk/referrals/{number}/agreement", "/desk/referrals/{number}/agreement/preview"), "without a guidance its questions come first"
    ),
    "/desk/referrals/{number}/guidance-again": "begins its questions anew",
    "/desk/agreements/{number}/large-print": "what was issued is given again",
    "/desk/ledgers/printing/{number}": "what was printed already is not printed again",
    **dict.fromkeys(("/me/data.json", "/me/data.pdf", "/desk/seekers/{number}/copy"), "a copy is handed out once for a form"),
}
"""Forms that lead somewhere without fields, and why nothing was applied."""


def test_a_form_without_fields_is_applied_for_nobody(tour: Tour):
    wrong = [
        f"{answer} went to {answer.headers['location']}"
        for answer in tour.answers
        if answer.method == "POST" and answer.status == 303 and answer.headers["location"] != NOT_APPLIED
        if answer.route not in LEADS_ON
        if not (answer.route.startswith("/sign-in/") and answer.headers["location"] == "/sign-in")  # not its turn: on to where it stands
        if not (answer.route == "/desk/agreements/{number}/paper" and answer.headers["location"].startswith("/desk/agreements/X"))
    ]
    assert not wrong


def neutral(answer: Answer, records: dict[str, Records]) -> str:
    """Status, headers and body with the number that was asked for, and the tokens of every page, left out."""
    record = MISSING if answer.record == "missing" else records[answer.record]
    text = answer.body.decode("utf-8", "replace")
    headers = sorted((name, value) for name, value in answer.headers.multi_items() if name != "content-length")
    text = f"{answer.status}\n{headers}\n{text}"
    ids = [str(value_of(record, name)) for name in BY_ID if name != "ticket"]
    text = text.replace(f"/tickets/{record.day.ticket}/", "/tickets/#/")  # two digits alone stand anywhere
    ids += [record.papers.guidance, record.papers.signing, record.papers.print_run]
    ids += [record.day.run, record.day.complaint, record.day.legal_case, record.day.activity]
    ids += [record.month.correction, record.month.ledger, record.month.sample]
    ids += [record.code, record.job, record.seeker, record.referral, record.placed, record.agreement, str(MISSING.employer)]
    for number in sorted(filter(None, ids), key=len, reverse=True):  # a short one may be a part of a longer one
        text = text.replace(number, "#")
    return re.sub(r"[0-9a-f]{128}", "@", text)


def test_a_record_out_of_reach_looks_exactly_like_one_that_does_not_exist(tour: Tour):
    missing = {
        (a.who, a.method, a.route): neutral(a, tour.records)
        for a in tour.answers
        if a.record == "missing" and ("{kind}" not in a.route or "{number}" in a.route)
    }
    compared, wrong = 0, []
    for answer in tour.answers:
        if answer.route.startswith("/screen/"):  # codes of stations are public; what a screen shows needs its own cookie
            continue
        if answer.record in tour.records and answer.status in (303, 401, 403, 404):
            if answer.status == 401 and answer.who != "visitor":  # in reach: one's own password is asked for before it is decided
                continue
            if answer.status == 303 and (answer.method == "POST" or answer.who != "visitor"):  # on to another page of one's own record
                continue
            compared += 1
            if neutral(answer, tour.records) != missing[answer.who, answer.method, answer.route]:
                wrong.append(str(answer))
    assert not wrong
    assert compared > 500


def test_the_scan_of_another_agreement_is_not_served_under_ones_own(tour: Tour):
    """Both numbers of the address are checked: the detour asks LAKE's agreement for LING's scan."""
    lake, ling = tour.records["LAKE"], tour.records["LING"]
    url = f"/desk/agreements/{lake.agreement}/scans/{ling.scan}"
    answers = {answer.who: answer.status for answer in tour.detours if answer.url == url}
    assert answers.pop("STF") == answers.pop("MGR") == answers.pop("LGL") == 404
    assert not [who for who, status in answers.items() if status == 200]


def test_the_register_opens_a_paper_with_full_data_for_readers_of_its_record_only(tour: Tour):
    """Whoever reads the register sees that the paper is there; the paper itself takes the permission of the agreement."""
    for name, readers, others in (("LAKE", {"STF", "MGR", "LGL"}, {"SUB", "DST"}), ("LING", {"STF elsewhere"}, {"SUB elsewhere", "DST"})):
        row = f"/desk/papers/{tour.records[name].papers.agreement_paper}"
        answers = {(answer.who, answer.url.removeprefix(row)): answer.status for answer in tour.detours if answer.url.startswith(row)}
        opened = {who for (who, rest), status in answers.items() if rest == "/paper.pdf" and status == 200}
        assert opened == readers
        assert {who for (who, rest), status in answers.items() if not rest and status == 200} == readers | others
        assert {answers[who, "/paper.pdf"] for who in others} == {403}


def test_a_form_that_is_not_of_ones_own_page_is_refused_everywhere(tour: Tour):
    """Without a token, with somebody else's, or sent by another site: 403, whatever the person may do."""
    posts = {route for method, route, _ in tour.routes if method == "POST"}
    assert {answer.route for answer in tour.forged} == posts
    assert not [f"{answer} ({answer.record}): {answer.status}" for answer in tour.forged if answer.status != 403]
