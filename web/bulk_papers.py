"""One paper of a bulk print: the same steps as at the counter, for each kind of paper that can be printed many at a time."""

from datetime import date
from typing import Any

from db import archive
from db.actions.reveals import AGREEMENT, SLIP, note_opened
from db.archive import Kept
from db.queries import agreements, documents, referrals, stations
from db.queries.devices import OVER as OVER_SEEKERS
from db.queries.seekers import seeker_in
from rules.agreement_life import paper_kind
from rules.board_editing import board_kind
from rules.codes import AgreementState, AgreementType, PaperKind, PrintRunKind
from rules.documents import Paper, SeekerCard
from rules.errors import RuleBroken
from rules.print_runs import Wanted, counts_as_look
from rules.referrals import OVER_STATES
from web.agreement_papers import large_print, print_agreement
from web.boards import board_paper, board_pdf
from web.papers import issued_pdf, station_imprint
from web.request import Asker
from web.seeker_papers import referral_slip
from web.station_certificate import station_certificate

Item = dict[str, Any]


def file_name(kind: PrintRunKind, number: str) -> str:
    """What a paper is called in a zip and in the bookmarks of a file."""
    board = board_kind(number) if kind is PrintRunKind.BOARDS else None
    return board.label if board else number


async def printed_paper(item: Item, wanted: Wanted, asker: Asker, *, day: date) -> Kept:
    """Where the bytes of this paper lie, printed and issued now if they were not before.

    RuleBroken: it may not be printed, in the words of the counter. PrintFailed: it could not be laid out.
    """
    match wanted.kind:
        case PrintRunKind.AGREEMENTS:
            return await _agreement(item, wanted, asker, day)
        case PrintRunKind.LARGE_PRINT:
            return await _large_print(item, wanted, asker, day)
        case PrintRunKind.REFERRAL_SLIPS:
            return await _slip(item, wanted, asker, day)
        case PrintRunKind.SEEKER_CARDS:
            return await _card(item, asker)
    return await _board(item, wanted, asker, day)


async def _agreement(item: Item, wanted: Wanted, asker: Asker, day: date) -> Kept:
    row = await _agreement_row(item, asker)
    kind = paper_kind(AgreementType(row["type"]))
    if row["state"] == AgreementState.DRAFT.value:
        certificate = station_certificate(asker.settings)
        await print_agreement(asker.printer, asker.settings.public_url, row["number"], asker.actor, certificate)
    elif row["state"] != AgreementState.PRINTED.value:
        raise RuleBroken(f"这份协议现在是“{AgreementState.label_of(row['state'])}”，不用再打印待签的纸。")
    elif counts_as_look(wanted.kind, wanted.day, day):
        await note_opened(AGREEMENT, row["id"], actor=asker.actor)
    return await _issued(kind, row["number"])


async def _large_print(item: Item, wanted: Wanted, asker: Asker, day: date) -> Kept:
    row = await _agreement_row(item, asker)
    if counts_as_look(wanted.kind, wanted.day, day):
        await note_opened(AGREEMENT, row["id"], actor=asker.actor)
    paper = await large_print(row)
    return await _given(asker, PaperKind.LARGE_PRINT, row["number"], item, row["station"], paper)


async def _agreement_row(item: Item, asker: Asker) -> dict[str, Any]:
    row = await agreements.agreement_in(asker.actor.scope, item["number"])
    if row is None:
        raise RuleBroken("本站没有这份协议了。")
    return row


async def _slip(item: Item, wanted: Wanted, asker: Asker, day: date) -> Kept:
    row = await referrals.referral_in(asker.actor.scope, item["number"])
    if row is None:
        raise RuleBroken("本站没有这次推荐了。")
    if row["state_now"] in OVER_STATES:
        raise RuleBroken("这次推荐已经结束，不再打印推荐上岗单。")
    paper = await referral_slip(asker, row)
    if counts_as_look(wanted.kind, wanted.day, day):
        await note_opened(SLIP, row["id"], actor=asker.actor)
    return await _given(asker, PaperKind.REFERRAL_SLIP, row["number"], item, row["station"], paper)


async def _card(item: Item, asker: Asker) -> Kept:
    row = await seeker_in(asker.actor.scope, item["number"])
    if row is None or row["state"] in OVER_SEEKERS:
        raise RuleBroken("这份登记已经注销，不能打印求职卡。")
    paper = SeekerCard(
        station=station_imprint(await documents.station_on_paper(row["station"])), number=row["number"], created=row["created_at"]
    )
    return await _given(asker, PaperKind.SEEKER_CARD, row["number"], item, row["station"], paper)


async def _given(asker: Asker, kind: PaperKind, number: str, item: Item, station_id: int, paper: Paper) -> Kept:
    """Issue the paper, or find that it was issued as it is."""
    await issued_pdf(
        asker, kind=kind, number=number, subject=item["subject"], subject_id=item["subject_id"], station_id=station_id, paper=paper
    )
    return await _issued(kind, number)


async def _issued(kind: PaperKind, number: str) -> Kept:
    paper = await documents.current_paper(kind, number)
    if paper is None:
        raise RuleBroken("这份文书刚刚作废了，请重新打印。")
    return Kept(paper["archive_key"], paper["sha256"], paper["size"])


async def _board(item: Item, wanted: Wanted, asker: Asker, day: date) -> Kept:
    station, kind = await stations.own_station(asker.actor.station_id), board_kind(item["number"])
    if station is None or kind is None:
        raise RuleBroken("没有这块制度牌。")
    version = stations.version_in_force(await stations.board_versions(station, kind), day)
    paper = await board_paper(asker, station, kind, version, paper=wanted.sheet, day=day, finish=wanted.finish)
    return await archive.keep(await board_pdf(asker, paper))
