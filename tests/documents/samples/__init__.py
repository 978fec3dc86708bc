"""One good paper of each kind, with invented people, and how to change it."""

from tests.documents.samples.agreements import agreement, paper_of_type
from tests.documents.samples.counter import job_order, job_poster, job_slips, referral_slip, seeker_form
from tests.documents.samples.every import PAPERS
from tests.documents.samples.records import call_back, dispute_record, ledger_sheet, legal_form, rating_form
from tests.documents.samples.station import CREATED, STATION
from tests.documents.samples.walls import BOARD_VALUES, board

__all__ = [
    "BOARD_VALUES",
    "CREATED",
    "PAPERS",
    "STATION",
    "agreement",
    "board",
    "call_back",
    "dispute_record",
    "job_order",
    "job_poster",
    "job_slips",
    "ledger_sheet",
    "legal_form",
    "paper_of_type",
    "rating_form",
    "referral_slip",
    "seeker_form",
]
