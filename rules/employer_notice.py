"""What an employer reads and agrees to before it registers online: the notice (PIPL art. 17) and the employer's pledge."""

from __future__ import annotations

from rules.documents import StationImprint

NOTICE_VERSION = "E1"
NOTICE = (
    "我们是谁：{驿站名称}（运营方{运营方名称}，监督单位{监督单位}），电话{驿站电话}。",
    "收集什么、为什么：名称、信用代码或者证件号码、法定代表人、经办人、地址和证照，用于核验雇主是否真实合法；电话用于联系您。行业可以不填。",
    "身份证只在驿站看原件，不留照片和复印件；请不要上传身份证照片。",
    "给谁看：只有驿站工作人员、依法监督的部门能看；双方都同意推荐后，联系人和电话才告诉那一位零工。公开的岗位只显示简称，"
    "单位同意的才显示全称；地址和电话不公开。",
    "保存多久：服务结束后一般三年，到期删除或者匿名处理；法律另有规定的除外。",
    "您的权利：随时查询、复制、更正、删除、撤回同意。找服务台或者打上面的电话，不收费。",
    "投诉：{监督单位}{监督电话}。",
)
"""In the same plain words as the notice for those who look for work (domain reference 10.7)."""


def employer_notice(station: StationImprint, operator: str) -> tuple[str, ...]:
    """The notice with this station's names and phones, one paragraph each."""
    values = {
        "{驿站名称}": station.name,
        "{运营方名称}": operator,
        "{监督单位}": station.supervising_unit,
        "{监督电话}": station.supervising_phone,
        "{驿站电话}": station.phone,
    }
    paragraphs = []
    for paragraph in NOTICE:
        for placeholder, value in values.items():
            paragraph = paragraph.replace(placeholder, value)
        paragraphs.append(paragraph)
    return tuple(paragraphs)
