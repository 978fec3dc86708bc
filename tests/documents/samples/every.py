"""One of each."""

from tests.documents.samples.agreements import agreement, checklist_paper, guidance_record, key_points
from tests.documents.samples.counter import commitment_paper, job_order, job_poster, job_slips, referral_slip, seeker_card, seeker_form
from tests.documents.samples.records import (
    call_back,
    correction_sheet,
    dispute_record,
    ledger_sheet,
    legal_form,
    rating_form,
    sample_sheet,
    statistics_sheet,
)
from tests.documents.samples.walls import board, calling_rule, draw_sheet, fairness_sheet, morning_sheet

PAPERS = {
    "calling_rule": calling_rule,
    "ledger": ledger_sheet,
    "sample_sheet": sample_sheet,
    "draw_sheet": draw_sheet,
    "morning_sheet": morning_sheet,
    "fairness_sheet": fairness_sheet,
    "statistics_sheet": statistics_sheet,
    "correction_sheet": correction_sheet,
    "call_back": call_back,
    "legal_form": legal_form,
    "dispute_record": dispute_record,
    "rating_form": rating_form,
    "commitment": commitment_paper,
    "seeker_card": seeker_card,
    "agreement": agreement,
    "agreement_large": agreement,
    "key_points": key_points,
    "checklist": checklist_paper,
    "guidance_record": guidance_record,
    "referral_slip": referral_slip,
    "job_slips": job_slips,
    "job_poster": job_poster,
    "job_order": job_order,
    "seeker_form": seeker_form,
    "board": board,
}
