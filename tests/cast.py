"""The cast: the same named people at the same two stations in every test. No random data.

小陈 registers at 金银湖 station, 老周 reviews there, 站长吴 manages it; 小林 works at another station (the stranger);
officer 郑 is at the district, 孙 at the subdistrict office, 钱 at the office of the other station's subdistrict, 何 for the
operator, 律师罗 at the legal point, 管理员 is technical.
"""

from datetime import UTC, date, datetime

from db.tables.accounts import Account
from db.tables.parameters import LegalParameter
from db.tables.stations import Station, Subdistrict
from rules.codes import SUBDISTRICTS, BuildMode, OperationMode, StationState
from rules.commitment import commitment
from rules.parameters import LEGAL_PARAMETERS
from rules.permissions import Actor, Role

BORN = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
LAKE, LING = 1001, 1002
"""Ids of the two stations: 金银湖 (subdistrict 420112015) and 走马岭 (420112006)."""

PEOPLE: dict[str, Actor] = {
    actor.login: actor
    for actor in (
        Actor(2001, "陈小满", Role.STAFF, "chen", LAKE),
        Actor(2002, "周建国", Role.STAFF, "zhou", LAKE),
        Actor(2003, "吴站长", Role.MANAGER, "wu", LAKE),
        Actor(2004, "林静", Role.STAFF, "lin", LING),
        Actor(2005, "郑科长", Role.DISTRICT, "zheng"),
        Actor(2006, "孙主任", Role.SUBDISTRICT, "sun", None, None, "420112015"),
        Actor(2007, "何经理", Role.OPERATOR, "he", None, "武汉湖畔人力资源有限公司"),
        Actor(2008, "罗律师", Role.LEGAL, "luo", LAKE),
        Actor(2009, "管理员", Role.ADMIN, "admin"),
        Actor(2010, "赵明", Role.STAFF, "zhao", LING),
        Actor(2011, "钱主任", Role.SUBDISTRICT, "qian", None, None, "420112006"),
    )
}


def _station(id: int, code: str, name: str, subdistrict: str, landmark: str, mode: BuildMode) -> Station:
    return Station(
        id=id,
        code=code,
        name=name,
        build_mode=mode.value,
        operation_mode=OperationMode.SELF_RUN.value,
        operator="武汉湖畔人力资源有限公司" if id == LAKE else "走马岭街道办事处",
        licence_no="",
        subdistrict=subdistrict,
        community="示范社区",
        address=f"{landmark}18号",
        landmark=landmark,
        floor_area_m2=68,
        opening_hours="每天 6:00–18:00",
        phone="027-83000015" if id == LAKE else "027-83000006",
        complaint_phone="027-83000016",
        manager_name="吴站长",
        supervising_unit=f"{SUBDISTRICTS[subdistrict]}办事处",
        supervising_phone="027-83000099",
        plaque_no="P-2026-001",
        legal_point="每周三下午",
        facilities="[]",
        state=StationState.OPERATING.value,
        opened_on=date(2026, 1, 2),
        created_at=BORN,
    )


async def move_in() -> None:
    """Put the subdistricts, the legal parameters, both stations and everybody's account into an empty database."""
    await Subdistrict.insert(*(Subdistrict(code=c, name=n, office=f"{n}办事处", phone="027-83000099") for c, n in SUBDISTRICTS.items()))
    await LegalParameter.insert(
        *(
            LegalParameter(code=p.code, value=p.value, unit=p.unit, valid_from=p.valid_from, valid_to=p.valid_to, basis=p.basis)
            for p in LEGAL_PARAMETERS
        )
    )
    await Station.insert(
        _station(LAKE, "ZD-420112015-01", "金银湖零工驿站", "420112015", "宏图大道", BuildMode.SELF_BUILT),
        _station(LING, "ZD-420112006-01", "走马岭零工驿站", "420112006", "走新路", BuildMode.SUBDISTRICT_LED),
    )
    await Account.insert(
        *(
            Account(
                id=actor.id,
                login=actor.login,
                name=actor.name,
                work_no=f"{actor.id}",
                role=actor.role.value,
                password_hash="",
                station=actor.station_id,
                operator=actor.operator or "",
                subdistrict=actor.subdistrict or "",
                active=True,
                created_at=BORN,
                password_changed_at=BORN,
                committed_at=BORN,
                commitment_version=commitment().version,
            )
            for actor in PEOPLE.values()
        )
    )
