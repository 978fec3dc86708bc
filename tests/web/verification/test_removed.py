"""A person's data that were removed as the law asks leave the record as it was written."""

from datetime import timedelta

from db import archive
from db.actions.documents import issue_paper
from db.tables.documents import Paper
from db.verify_record import verify_record
from rules.codes import PaperKind
from rules.verification import RecordPart
from tests.cast import LAKE, PEOPLE
from tests.db.tampering import past_triggers
from tests.web.conftest import MORNING
from tests.web.privacy.test_retention import close, run
from tests.web.rows import put_seeker

NUMBER = "Q26015000123"


async def put_form(seeker: int) -> None:
    """The printed registration form of a seeker."""
    kept = await archive.keep(b"%PDF-1.7 a form")
    about = {"subject": "seeker", "subject_id": seeker, "station_id": LAKE, "actor": PEOPLE["chen"]}
    await issue_paper(kind=PaperKind.SEEKER_FORM, number=NUMBER, snapshot="{}", kept=kept, **about)


async def test_a_removed_form_is_no_fault(house):
    seeker = await put_seeker(NUMBER)
    await put_form(seeker)
    await close(seeker, MORNING - timedelta(days=16))
    await run()
    row = await Paper.select(Paper.archive_key, Paper.voided_at).first()
    assert row["archive_key"] == ""
    assert row["voided_at"] is not None
    found = (await verify_record()).found
    assert not found, [each.sentence for each in found.values()]


async def test_a_form_taken_out_by_hand_is_one(house):
    await put_form(await put_seeker(NUMBER))
    await past_triggers([("UPDATE paper SET archive_key = ''", [])])
    found = (await verify_record()).found
    assert found[RecordPart.PAPER].sentence == f"{PaperKind.SEEKER_FORM.value} {NUMBER} copy 1: its file is missing"
