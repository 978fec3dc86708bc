"""Posts for the board, put straight into the tables: the good ones of the domain reference 11.1, and as many as a test needs.

    ids = await put_posts()                    # the sixteen of 11.1, around the test day
    await put_post(title="…", start_date=…)    # one more, listed unless told otherwise
    await put_many(100_000)                    # bulk rows with the same words, for measurements

Personal values are sentinels: none of them may ever stand in a public answer.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from piccolo.querystring import QueryString

from db.ids import new_id
from db.search import index_job
from db.tables.employers import Employer
from db.tables.jobs import Job, JobVersion
from db.vault import vault
from piccolo_conf import DB
from rules.board import search_tokens
from rules.codes import JobState
from rules.jobs import terms_to_record
from rules.pay import hourly_equivalent
from rules.terms import JobTerms
from tests.cast import LAKE, LING, PEOPLE

TODAY = date(2026, 12, 1)
SECRETS = {
    "contact_name": "秘密联系人欧阳",
    "contact_phone": "19900000777",
    "exact_address": "秘密大厦7栋7单元777室",
    "pickup_place": "秘密上车点",
}
EMPLOYER_NAME = "武汉绝密雇主物流有限公司"
EMPLOYER_ID = "91420100MA00SECRET"
PERSONAL = (*SECRETS.values(), EMPLOYER_NAME, EMPLOYER_ID, "19900000778", "秘密法人", "秘密经办人")
"""Everything planted that no public answer may hold."""

LABEL = "武汉某物流公司"


async def put_employer(id: int = 3001, station: int = LAKE) -> int:
    """A verified unit whose every personal value is a sentinel."""
    if not await Employer.exists().where(Employer.id == id):
        seal = vault().seal
        await Employer.insert(
            Employer(
                id=id,
                station=station,
                kind="UNIT",
                name=EMPLOYER_NAME,
                id_type="",
                id_number=seal("employer.id_number", str(id), EMPLOYER_ID),
                id_index=f"index-{id}",
                id_warning="",
                address=seal("employer.address", str(id), SECRETS["exact_address"]),
                legal_representative="秘密法人",
                agent_name="秘密经办人",
                phone=seal("employer.phone", str(id), "19900000778"),
                phone_index=f"phone-{id}",
                authorisation="",
                industry="物流",
                agency=False,
                dispatch=False,
                licence_no="",
                name_public=False,
                state="VERIFIED",
                verified_on=TODAY,
                credit="NORMAL",
                credit_reason="",
                created_by=PEOPLE["chen"].id,
                created_at=datetime(2026, 11, 1, tzinfo=UTC),
            )
        )
    return id


def terms_of(**changes: Any) -> JobTerms:
    """The terms of a listed post: 物流园分拣日结 (J02) unless changed."""
    values: dict[str, Any] = {
        "title": "物流园分拣日结",
        "trade": "C03",
        "headcount": 20,
        "duties": "走马岭物流园尾货分拣，扫码枪扫一下按区放，轻的多，最重不超过15公斤。",
        "requirements": "满18岁，站得住就行。",
        "subdistrict": "420112006",
        "landmark": "走新路",
        "start_date": TODAY,
        "start_time": time(8),
        "end_time": time(17, 30),
        "break_minutes": 90,
        "pay_basis": "TIME",
        "pay_fen": 22_000,
        "pay_unit": "DAY",
        "settle_cycle": "DAILY",
        "pay_method": "WECHAT",
        "benefits": ("LUNCH",),
        "valid_to": TODAY + timedelta(days=20),
        **SECRETS,
        **changes,
    }
    from rules.codes import PayBasis, PayMethod, PayUnit, SettleCycle

    for name, kind in (
        ("pay_basis", PayBasis),
        ("pay_unit", PayUnit),
        ("settle_cycle", SettleCycle),
        ("pay_method", PayMethod),
    ):
        values[name] = kind(values[name])
    return JobTerms(**values)


def rows_of(
    id: int,
    number: str,
    terms: JobTerms,
    *,
    employer: int,
    station: int,
    state: JobState = JobState.PUBLISHED,
    listed: bool | None = None,
    placed_count: int = 0,
    published_at: datetime | None = datetime(2026, 11, 30, 1, tzinfo=UTC),
    label: str = LABEL,
) -> tuple[Job, JobVersion]:
    """The row of a post and its first version, as publishing leaves them."""
    seal, record = vault().seal, terms_to_record(terms)
    for name in SECRETS:
        record.pop(name)
    author = PEOPLE["chen"].id if station == LAKE else PEOPLE["lin"].id
    born = datetime(2026, 11, 29, 1, tzinfo=UTC)
    job = Job(
        id=id,
        number=number,
        station=station,
        employer=employer,
        author=author,
        source="COUNTER",
        state=state.value,
        version=1,
        published_version=1 if published_at else None,
        listed=(state is JobState.PUBLISHED) if listed is None else listed,
        headcount=terms.headcount,
        placed_count=placed_count,
        title=terms.title,
        trade=terms.trade,
        subdistrict=terms.subdistrict,
        landmark=terms.landmark,
        start_date=terms.start_date,
        end_date=terms.end_date,
        start_time=terms.start_time,
        end_time=terms.end_time,
        pay_fen=terms.pay_fen,
        pay_unit=terms.pay_unit.value,
        settle_cycle=terms.settle_cycle.value,
        hourly_fen=hourly_equivalent(terms),
        benefits=",".join(terms.benefits),
        certificates=",".join(terms.certificates),
        employer_label=label,
        valid_to=terms.valid_to,
        verify_method="PHONE",
        verified_by=author,
        verified_on=TODAY,
        reviewer=author,
        submitted_at=born,
        published_at=published_at,
        channels="WEBSITE",
        created_at=born,
        changed_at=born,
    )
    uid = str(id)
    version = JobVersion(
        id=id,
        job=id,
        number=1,
        terms=json.dumps(record, ensure_ascii=False),
        **{name: seal(f"job_version.{name}", uid, value) for name, value in SECRETS.items()},
        checks="[]",
        answers="{}",
        author=author,
        created_at=born,
    )
    return job, version


_given = 0


async def put_post(*, searchable: bool = True, station: int = LAKE, **changes: Any) -> str:
    """One post; keywords of `rows_of` are taken as such, all others change the terms. Gives its public number."""
    global _given
    _given += 1
    own = {name: changes.pop(name) for name in ("state", "listed", "placed_count", "published_at", "label") if name in changes}
    number = changes.pop("number", f"G2612-{_given:05d}")
    id, terms = changes.pop("id", None) or new_id(), terms_of(**changes)
    employer = await put_employer(3001 if station == LAKE else 3002, station)
    job, version = rows_of(id, number, terms, employer=employer, station=station, **own)
    await Job.insert(job)
    await JobVersion.insert(version)
    if searchable and job.listed:
        await index_job(id, search_tokens(json.loads(version.terms)))
    return number


def _later(days: int) -> date:
    return TODAY + timedelta(days=days)


GOOD_POSTS: tuple[dict[str, Any], ...] = (
    {"title": "周六家庭保洁3-4小时", "trade": "A01", "subdistrict": "420112015", "landmark": "宏图大道", "headcount": 1,
     "duties": "家里打扫卫生，120平，主要厨房和两个卫生间油污重，窗户不用擦。工具我家有。", "pay_fen": 3500,
     "pay_unit": "HOUR", "settle_cycle": "PER_JOB", "start_date": _later(4), "start_time": time(9),
     "end_time": time(12, 30), "break_minutes": 0, "benefits": (), "label": "个人雇主"},
    {"start_date": TODAY, "end_date": _later(9)},
    {"title": "周末男装导购", "trade": "F02", "subdistrict": "420112001", "landmark": "吴家山商圈", "headcount": 2,
     "duties": "品牌男装店周末促销，会打招呼、叠衣服，收银学一下就会。", "pay_fen": 20000, "settle_cycle": "WEEKLY",
     "start_date": _later(4), "end_date": _later(5), "start_time": time(10), "end_time": time(19),
     "break_minutes": 60, "benefits": (), "label": "武汉某服装店"},
    {"title": "女士内衣专柜闭店盘点", "trade": "F02", "subdistrict": "420112001", "landmark": "吴家山商圈", "headcount": 3,
     "duties": "盘点员，晚上闭店后点货。要细心，会用扫码枪。", "pay_fen": 12000, "pay_unit": "TIME", "pay_basis": "LUMP_SUM",
     "settle_cycle": "PER_JOB", "start_time": time(19, 30), "end_time": time(23), "break_minutes": 0,
     "benefits": ("NIGHT_ALLOWANCE",), "label": "武汉某商场"},
    {"title": "明早搬家要2个人", "trade": "C01", "subdistrict": "420112008", "landmark": "长青路", "headcount": 2,
     "duties": "5楼没电梯搬到有电梯的，冰箱洗衣机沙发床柜子一共二三十件，中午盒饭，钱当场给。", "pay_fen": 30000,
     "pay_unit": "TIME", "pay_basis": "LUMP_SUM", "settle_cycle": "PER_JOB", "start_date": _later(1),
     "end_time": time(12), "break_minutes": 0, "label": "个人雇主"},
    {"title": "厂房装修小工10天", "trade": "D01", "subdistrict": "420112007", "landmark": "临空港大道", "headcount": 6,
     "duties": "递料、清渣、搬石膏板，进场要实名登记签合同戴安全帽。", "settle_cycle": "WEEKLY", "start_date": _later(2),
     "end_date": _later(11), "end_time": time(17), "break_minutes": 60, "benefits": ("ACCIDENT_INSURANCE",),
     "label": "武汉某建筑公司"},
    {"title": "住家照顾老人", "trade": "A03", "subdistrict": "420112013", "landmark": "常青花园", "headcount": 1,
     "duties": "照顾82岁老人，能自己吃饭，晚上起夜两三次要扶一下，住家，单独房间，每周休一天。", "pay_fen": 480000,
     "pay_unit": "MONTH", "pay_basis": "MONTHLY", "settle_cycle": "MONTHLY", "start_date": _later(6),
     "end_date": _later(120), "live_in": True, "benefits": ("BREAKFAST", "LUNCH", "DINNER", "LODGING"),
     "certificates": ("C01",), "label": "个人雇主"},
    {"title": "火锅店晚市小时工", "trade": "E01", "subdistrict": "420112013", "landmark": "常青花园", "headcount": 4,
     "duties": "传菜收台洗碗，一周做5天，每周一结，管晚饭。健康证没有的店里出钱办。", "pay_fen": 2500, "pay_unit": "HOUR",
     "settle_cycle": "WEEKLY", "end_date": _later(30), "start_time": time(17, 30), "end_time": time(21, 30),
     "break_minutes": 0, "weekly_days": 5, "benefits": ("DINNER",), "certificates": ("C01",), "label": "武汉某餐饮店"},
    {"title": "展会引导加物料搬运3天", "trade": "F01", "subdistrict": "420112004", "landmark": "将军路", "headcount": 10,
     "duties": "展会观众引导加物料搬运，3天，中午管盒饭，第三天收工一起结。普通话能听懂就行。", "pay_fen": 20000,
     "settle_cycle": "PER_JOB", "start_date": _later(1), "end_date": _later(3), "start_time": time(8, 30),
     "break_minutes": 60, "label": "武汉某会展公司"},
    {"title": "防盗网电焊工", "trade": "D07", "subdistrict": "420112012", "landmark": "东山大道", "headcount": 1,
     "duties": "做防盗网，必须持焊接与热切割作业证而且在有效期，面罩手套厂里有。", "pay_fen": 35000,
     "settle_cycle": "WEEKLY", "end_date": _later(14), "end_time": time(17), "break_minutes": 60, "benefits": (),
     "certificates": ("T01",), "label": "武汉某加工厂"},
    {"title": "叉车司机夜班顶岗", "trade": "C06", "subdistrict": "420112005", "landmark": "慈惠大道", "headcount": 1,
     "duties": "仓库叉车司机夜班顶岗5天，要N1证，做完一起结，宵夜一份。", "pay_fen": 38000, "pay_unit": "NIGHT",
     "settle_cycle": "PER_JOB", "end_date": _later(4), "start_time": time(20), "end_time": time(4),
     "break_minutes": 0, "benefits": ("DINNER", "NIGHT_ALLOWANCE"), "certificates": ("T11",), "label": "武汉某仓储公司"},
    {"title": "服装厂缝纫计件", "trade": "H02", "subdistrict": "420112004", "landmark": "将军一路", "headcount": 8,
     "duties": "平车锁边，熟手一小时十五六件，男女皆可，五十多岁的也欢迎，月底结。", "pay_fen": 180, "pay_unit": "PIECE",
     "pay_basis": "PIECE", "output_per_hour_milli": 15500, "settle_cycle": "MONTHLY", "start_date": _later(2),
     "end_date": _later(60), "end_time": time(17), "break_minutes": 60, "benefits": (), "label": "武汉某服装厂"},
    {"title": "空调不制冷上门检修", "trade": "A06", "subdistrict": "420112014", "landmark": "新沟正街", "headcount": 1,
     "duties": "家里挂机空调不制冷，找师傅上门检修加氟，要有制冷作业证，配件另算。", "pay_fen": 20000, "pay_unit": "TIME",
     "pay_basis": "LUMP_SUM", "settle_cycle": "PER_JOB", "start_time": time(14), "end_time": time(15),
     "break_minutes": 0, "benefits": (), "certificates": ("T04",), "label": "个人雇主"},
)  # fmt: skip


async def put_posts(times: int = 1) -> list[str]:
    """The good posts of 11.1, `times` over; every third at the other station, every fourth published today."""
    numbers = []
    for index in range(times * len(GOOD_POSTS)):
        post = GOOD_POSTS[index % len(GOOD_POSTS)]
        published = datetime(2026, 12, 1, 0, 30, tzinfo=UTC) if index % 4 == 1 else datetime(2026, 11, 30, 1, tzinfo=UTC)
        station = LING if index % 3 == 1 else LAKE
        numbers.append(await put_post(**{"station": station, "published_at": published, **post}))
    return numbers


async def put_many(count: int) -> None:
    """`count` listed posts on SQLite, for measurements: the good ones over and over, spread over 40 days, searchable.

    Made by three statements inside the database (100,000 in a few seconds). Contact and address are those of the models.
    """
    models = []
    for index, post in enumerate(GOOD_POSTS):
        number = await put_post(station=(LAKE, LING)[index % 2], listed=False, searchable=False, **post)
        models.append(await Job.select().where(Job.number == number).first())
    start = "date('2026-12-01', (i * 7 % 40 - 10) || ' days')"
    own = {
        "id": "{first} + i",
        "number": "printf('G2612-%07d', i + 50000)",
        "listed": "1",
        "start_date": start,
        "end_date": f"date({start}, '20 days')",
        "valid_to": "'2027-01-20'",
    }
    first = new_id()
    for model in models:
        version = await JobVersion.select(JobVersion.terms).where(JobVersion.job == model["id"]).first()
        body = " ".join(sorted(set(search_tokens(json.loads(version["terms"])))))
        await DB.run_ddl("CREATE TEMP TABLE IF NOT EXISTS model (k INTEGER PRIMARY KEY, id INTEGER, body TEXT)")
        await DB.run_querystring(QueryString("INSERT INTO model VALUES ({}, {}, {})", models.index(model), model["id"], body))
    counted = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}) "
    joined = f"FROM n JOIN model ON model.k = n.i % {len(models)}"
    columns = [column._meta.db_column_name for column in Job._meta.columns]
    values = ", ".join(own.get(name, f'o."{name}"').replace("{first}", str(first)) for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    await DB.run_querystring(QueryString(f"INSERT INTO job ({names}) {counted} SELECT {values} {joined} JOIN job o ON o.id = model.id"))
    columns = [column._meta.db_column_name for column in JobVersion._meta.columns]
    own = {"id": f"{first} + i", "job": f"{first} + i"}
    values = ", ".join(own.get(name, f'o."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    await DB.run_querystring(
        QueryString(f"INSERT INTO job_version ({names}) {counted} SELECT {values} {joined} JOIN job_version o ON o.job = model.id")
    )
    await DB.run_querystring(QueryString(f"INSERT INTO job_search (rowid, body) {counted} SELECT {first} + i, model.body {joined}"))
    await DB.run_ddl("DROP TABLE model")
