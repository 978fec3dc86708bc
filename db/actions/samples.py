"""Checks on the spot (随机抽查): a seed is published for a closed month, lines follow from it, each is checked once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import samples as queries
from db.tables.ledger import Sample, SampleLine
from db.transaction import action
from rules.codes import SampleVerdict
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.ledger import first_day, month_label
from rules.numbers import sheet_number
from rules.permissions import Actor
from rules.samples import check_size, check_verdict, sampled

_MEANWHILE = "刚才有人公布了这个月的种子，请刷新页面看一看。"


@action
async def publish_sample_seed(version: dict[str, Any], population: int, *, actor: Actor) -> str:
    """Publish the seed of a check over a signed month; the server makes it, nobody can choose or replace it. The number.

    `version` is a row of `db.queries.samples.newest_version`, `population` the lines of its list ③: both are fixed here.
    RuleBroken: nobody was placed in that month, or a published seed of it still waits to be drawn from.
    """
    month = version["month"]
    if population < 1:
        raise RuleBroken(f"{month_label(month)}的台账里没有推荐上岗，不用抽查。", "checked_month")
    before = await queries.samples_of_month(version["station"], month)
    if waiting := next((row for row in before if row["drawn_at"] is None), None):
        raise RuleBroken(f"这个月的种子已经公布（{waiting['number']}），公布以后不能换，请先抽取。", "checked_month")
    sample_id = new_id()
    number = f"{sheet_number('CC', version['station_code'], str(month))}-{len(before) + 1}"
    seed = secrets.token_hex(16)
    try:
        await Sample.insert(
            Sample(
                id=sample_id,
                number=number,
                station=version["station"],
                month=month,
                ledger_version=version["id"],
                seed=seed,
                population=population,
                published_by=actor.id,
                published_at=now(),
            )
        )
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken(_MEANWHILE, "checked_month") from violated
        raise
    await record(
        EventKind.SAMPLE_SEED_PUBLISHED,
        subject="sample",
        subject_id=sample_id,
        actor=actor,
        station_id=version["station"],
        sample=number,
        ledger=version["number"],
        seed=seed,
        population=population,
    )
    return number


@action
async def draw_sample(sample_id: int, size: int, referrals: Sequence[str], *, actor: Actor) -> None:
    """Draw: which lines follows from the published seed and `size` alone. `referrals` are the numbers in list ③, in its order.

    RuleBroken (field "size"): too few or too many, drawn already, or a line whose placement is not kept. LookupError: no check.
    """
    row = await queries.sample_with(sample_id)
    if row is None:
        raise LookupError(sample_id)
    if row["drawn_at"] is not None:
        raise RuleBroken(f"{row['drawn_by_name']}已经抽过了，结果不能变，请刷新页面。")
    if len(referrals) != row["population"]:
        raise RuleBroken("这个月的台账和公布种子时不一样，不能抽取。请联系系统管理员。")
    check_size(size, row["population"])
    lines = sampled(row["station_code"], row["month"], row["seed"], row["population"], size)
    placements = await queries.placements_numbered(row["station"], [referrals[each.line - 1] for each in lines])
    missing = [each.line for each in lines if referrals[each.line - 1] not in placements]
    if missing:
        raise RuleBroken(f"第③表第{missing[0]}条找不到上岗记录，不能抽取。请联系系统管理员。")
    taken = (
        await Sample.update({Sample.size: size, Sample.drawn_at: now(), Sample.drawn_by: actor.id})
        .where(Sample.id == sample_id, Sample.drawn_at.is_null())
        .returning(Sample.id)
    )
    if not taken:
        raise RuleBroken("刚才有人抽过了，结果不能变，请刷新页面。")
    await SampleLine.insert(
        *(
            SampleLine(id=new_id(), sample=sample_id, position=each.place, line=each.line, placement=placements[referrals[each.line - 1]])
            for each in lines
        )
    )
    await record(
        EventKind.SAMPLE_DRAWN,
        subject="sample",
        subject_id=sample_id,
        actor=actor,
        station_id=row["station"],
        sample=row["number"],
        seed=row["seed"],
        population=row["population"],
        drawn_lines=[each.line for each in lines],
    )


@action
async def check_line(sample_id: int, position: int, verdict: SampleVerdict, note: str, checked_on: date, *, actor: Actor) -> None:
    """Write down what the check found about one drawn line, once; the note stays with the line, not in the journal.

    RuleBroken (fields "note", "checked_on"): no word about what differs, a day that is not yet or before the month, or
    somebody was faster. LookupError: no such line.
    """
    row = await queries.sample_with(sample_id)
    line = next((each for each in await queries.lines_of(sample_id) if each["position"] == position), None)
    if row is None or line is None:
        raise LookupError(position)
    if line["verdict"]:
        raise RuleBroken(f"{line['checked_by_name']}已经登记了这一条的结果，不能再改。")
    note = check_verdict(verdict, note)
    if not first_day(row["month"]) <= checked_on <= today():
        raise RuleBroken("核查日期不对：不能早于这个月，也不能晚于今天。", "checked_on")
    kept = (
        await SampleLine.update(
            {
                SampleLine.verdict: verdict.value,
                SampleLine.note: note,
                SampleLine.checked_by: actor.id,
                SampleLine.checked_on: checked_on,
                SampleLine.checked_at: now(),
            }
        )
        .where(SampleLine.id == line["id"], SampleLine.verdict == "")
        .returning(SampleLine.id)
    )
    if not kept:
        raise RuleBroken("刚才有人登记了这一条的结果，请刷新页面看一看。")
    await record(
        EventKind.SAMPLE_CHECKED,
        subject="sample",
        subject_id=sample_id,
        actor=actor,
        station_id=row["station"],
        sample=row["number"],
        position=position,
        referral_number=line["referral"],
        sample_verdict=verdict.value,
        checked_on=checked_on,
    )
