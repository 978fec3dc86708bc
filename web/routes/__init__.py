"""Every handler of the product, listed once."""

from web.assets import static_file
from web.routes import (
    accounts,
    agreements,
    board,
    boards,
    desk,
    documents,
    employers,
    front,
    job_steps,
    jobs,
    journal,
    placements,
    referrals,
    reviews,
    seekers,
    stations,
    supervision,
)

ROUTES = [
    static_file,
    *accounts.ROUTES,
    *board.ROUTES,
    *boards.ROUTES,
    *desk.ROUTES,
    *employers.ROUTES,
    *agreements.ROUTES,
    *documents.ROUTES,
    *placements.ROUTES,
    *front.ROUTES,
    *job_steps.ROUTES,
    *jobs.ROUTES,
    *journal.ROUTES,
    *referrals.ROUTES,
    *reviews.ROUTES,
    *seekers.ROUTES,
    *stations.ROUTES,
    *supervision.ROUTES,
]
