"""找人: who fits a post and why, who does not and why not, and the guards of a referral in sentences."""

from datetime import date, timedelta

from db.actions.referrals import propose
from db.clock import now
from db.queries import candidates
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.codes import CertificateType
from rules.seekers import HeldCertificate
from tests.visitor import path_of
from tests.web.referrals.conftest import CHEN, put_accepted, put_post, put_sample

JOB = "/desk/jobs/G261201-010001"
PAGE = f"{JOB}/candidates"
PROPOSE = f"{JOB}/referrals"


async def test_the_list_says_why_somebody_fits(clerk, moving_job, mover):
    page = await clerk.reads(PAGE)
    row = page.words("table.people tbody tr")
    assert "周水生" in row
    assert "想做搬运；用工那几天上午、下午有空" in row
    assert "199****0101" in row
    assert "19900000101" not in str(page)


async def test_proposing_leads_to_the_referral(clerk, moving_job, mover):
    answer = await clerk.sends(PROPOSE, page=PAGE)
    assert path_of(answer) == "/desk/referrals/T26120100001"
    page = await clerk.follows(answer)
    assert "已推荐待确认" in page.words("h1")
    row = await Referral.select().first()
    assert row["lapses_at"].isoformat() == "2026-12-02T01:00:00+00:00"


async def test_a_double_click_proposes_once(clerk, moving_job, mover):
    first = await clerk.sends(PROPOSE, page=PAGE)
    second = await clerk.sends(PROPOSE, **clerk.last)
    assert path_of(first) == path_of(second)
    assert await Referral.count() == 1


async def test_t02_an_expired_certificate_stops_the_referral(clerk, house):
    await put_post("J13")
    welder = await put_sample("S13")
    page = await clerk.sends(PROPOSE, page=PAGE, status=422, seeker=welder.number)
    assert "证书已过期(2026-06-30)" in page.words(".problems")
    assert await Referral.count() == 0


async def test_who_may_not_be_referred_at_all_has_no_button(clerk, house):
    await put_post("J13")
    await put_sample("S13")
    page = await clerk.reads(PAGE)
    assert "证书已过期" in page.words("table.people")
    assert "不能推荐" in page.words("table.people")
    assert not page.select("table.people button")


async def test_a_renewed_certificate_opens_the_way(clerk, house):
    await put_post("J13")
    renewed = HeldCertificate(CertificateType.WELDING, "T420199", date(2029, 6, 30))
    await put_sample("S13", certificates=(renewed,))
    page = await clerk.reads(PAGE)
    assert "焊接与热切割作业证到2029年6月30日有效" in page.words("table.people")
    await clerk.sends(PROPOSE)


async def test_t03_a_minor_does_not_work_at_night_with_a_forklift(clerk, house):
    await put_post("J14")
    young = await put_sample("S05")
    page = await clerk.sends(PROPOSE, page=PAGE, status=422, seeker=young.number)
    assert "未满18周岁" in page.words(".problems")
    assert await Referral.count() == 0


async def test_t04_a_minor_may_serve_in_the_evening_with_warnings(clerk, house):
    await put_post("J10", headcount=4)
    young = await put_sample("S05")
    page = await clerk.follows(await clerk.sends(PROPOSE, page=PAGE, seeker=young.number))
    warnings = " ".join(note.text for note in page.select(".note"))
    for words in ("未成年工登记", "22:00 后不得安排未成年工做工"):
        assert words in warnings


async def test_somebody_found_by_name_or_phone_is_told_why_not(clerk, house):
    await put_post("J13")
    await put_sample("S01")
    for word in ("周水", "0101", "Q26015000001", "ｑ26015000001"):
        page = await clerk.reads(f"{PAGE}?word={word}")
        assert "没有登记焊接与热切割作业证" in page.words("table.people"), word
    page = await clerk.reads(f"{PAGE}?word=没有这个人")
    assert "本站没有找到" in page.words(".empty")


async def test_time_that_does_not_fit_is_said(clerk, moving_job):
    await put_sample("S01", slots=("5-AM", "5-PM"))
    page = await clerk.reads(PAGE)
    assert "时间不合：周四上午、下午没有空" in page.words("table.people")
    assert "现在没有合适的人" in page.words(".empty")


async def test_other_agreed_work_at_the_same_time_stops_the_referral(clerk, moving_job, mover):
    other = await put_post("J02", "G261201-010002", trade="C01", start_date="2026-12-03", end_date="2026-12-04")
    await put_accepted(other, mover.id)
    page = await clerk.sends(PROPOSE, page=PAGE, status=422, seeker=mover.number)
    assert "已答应的工作时间冲突" in page.words(".problems")


async def test_the_same_pair_is_not_proposed_twice(clerk, moving_job, mover):
    await propose(moving_job, mover.id, actor=CHEN)
    page = await clerk.sends(PROPOSE, page=PAGE, status=422, seeker=mover.number)
    assert "请勿重复推荐" in page.words(".problems")


async def test_nobody_spoken_with_for_90_days_is_not_matched(clerk, moving_job, mover):
    await Seeker.update({Seeker.confirmed_on: date(2026, 8, 1)}).where(Seeker.id == mover.id)
    assert "周水生" not in (await clerk.reads(PAGE)).words("table.people")
    page = await clerk.sends(PROPOSE, status=422, seeker=mover.number)
    assert "已超过90天没有联系" in page.words(".problems")


async def test_the_order_does_not_know_men_from_women(clerk, moving_job):
    """Whatever must not count is exchanged in the database: who is suggested, why, and in which order stays as it was."""
    people = [await put_sample(who) for who in ("S07", "S03", "S01")]
    page = await clerk.reads(PAGE)
    seen = [cell.text for cell in page.select("table.people td:first-child span.hint")]
    why = [cell.find(string=True) for cell in page.select("table.people td:nth-child(3)")]
    assert len(seen) == 3
    for one, gender in zip(people, ("M", "F", ""), strict=True):
        await Seeker.update(
            {
                Seeker.gender: gender,
                Seeker.name: "改了名",
                Seeker.education: "10",
                Seeker.guardian_name: "某人",
                Seeker.phone_owner: "家里人",
                Seeker.id_type: "99",
            }
        ).where(Seeker.id == one.id)
    page = await clerk.reads(PAGE)
    assert [cell.text for cell in page.select("table.people td:first-child span.hint")] == seen
    assert [cell.find(string=True) for cell in page.select("table.people td:nth-child(3)")] == why


async def test_between_equals_the_draw_of_the_post_decides_and_not_who_registered_first(clerk, moving_job):
    """Two who are alike in everything: over ten seeds either of them stands first."""
    await put_sample("S07")
    await put_sample("S03")
    first = set()
    for seed in range(10):
        await Job.update({Job.tie_seed: f"seed {seed}"}).where(Job.id == moving_job)
        names = [cell.text for cell in (await clerk.reads(PAGE)).select("table.people td:first-child b")]
        assert names == [cell.text for cell in (await clerk.reads(PAGE)).select("table.people td:first-child b")]
        first.add(names[0])
    assert first == {"孙玉兰", "王德厚"}


async def test_who_waits_longest_is_looked_at_however_many_there_are(clerk, moving_job, monkeypatch):
    """The list has an end; who falls behind it is who came last, not who has the highest number."""
    monkeypatch.setattr(candidates, "CONSIDERED", 1)
    await put_sample("S03")
    longest = await put_sample("S07")
    await Seeker.update({Seeker.created_at: now() - timedelta(days=30)}).where(Seeker.id == longest.id)
    page = await clerk.reads(PAGE)
    assert [cell.text for cell in page.select("table.people td:first-child b")] == ["孙玉兰"]
    assert "等了30天" in page.words("table.people")


async def test_junk_numbers_are_answered_in_a_sentence(clerk, moving_job):
    for junk in ("", "Q99", "<script>", "Ｑ" * 10_000):
        page = await clerk.sends(PROPOSE, page=PAGE, status=422, seeker=junk)
        assert page.select(".problems li")


async def test_another_stations_post_does_not_exist(stranger, moving_job, mover):
    await stranger.reads(PAGE, status=404)
    await stranger.sends(PROPOSE, page="/desk/account", status=404, seeker=mover.number)


async def test_who_may_not_look(lawyer, officer, passer_by, moving_job):
    for visitor in (lawyer, officer):
        await visitor.reads(PAGE, status=403)
    await passer_by.reads(PAGE, status=303)
