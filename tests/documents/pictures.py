"""The pictures of docs/papers, made from the samples: `python -m tests.documents.pictures [FOLDER]`, also by script/screens.

Every picture is the first page of a paper; A4 and A3 are 760 pixels wide, A5 as large as it looks beside them.
"""

import asyncio
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from rules.codes import AgreementType, SheetFinish
from rules.documents import Paper
from rules.ledger_papers import Booklet
from rules.wordings import built_in_types
from tests.documents import samples
from web.blank_forms import BLANK_FORMS, blank_paper
from web.documents.renderer import Printer

TYPES = tuple(kind for kind in built_in_types() if kind not in (AgreementType.ONE_OFF_SERVICE, AgreementType.KEY_POINTS))
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "papers"
PICTURES = {
    "P4-job-order": "job_order",
    "P5-seeker-form": "seeker_form",
    "P6-job-poster": "job_poster",
    "P7-referral-slip": "referral_slip",
    "P8-key-points": "key_points",
    "P9-agreement": "agreement",
    **{f"P9-{kind.value.lower().replace('_', '-')}": "agreement" for kind in TYPES},
    "P10-call-back": "call_back",
    "P11-legal-form": "legal_form",
    "P12-ledger": "ledger",
    "P12-ledger-corrections": "ledger",
    "P15-rule-board": "board",
    "P15-rule-board-a1-shop": "board",
    "P19-commitment": "commitment",
    "P20-seeker-card": "seeker_card",
    "P21-morning-sheet": "morning_sheet",
    "P22-job-slips": "job_slips",
    "P23-draw": "draw_sheet",
    "P16-statistics": "statistics_sheet",
    "P17-corrections": "correction_sheet",
    "P24-fairness": "fairness_sheet",
    "P25-calling-rule": "calling_rule",
    "P26-guidance": "guidance_record",
    "P27-large-print": "agreement_large",
    "P28-checklist": "checklist",
    "P29-dispute-record": "dispute_record",
    "P30-rating-form": "rating_form",
    "P31-sample-sheet": "sample_sheet",
    "blank-P4-job-order": "job_order",
    "blank-P6-job-poster-a5": "job_poster",
    "blank-P7-referral-slip": "referral_slip",
}
"""Template of each picture; of the agreement one for every type, of some forms the blank one, too."""
BLANKS = {"blank-P4-job-order": "job-order", "blank-P6-job-poster-a5": "poster-a5", "blank-P7-referral-slip": "slip"}
CHANGES = {
    "calling_rule": {"reason": "早上来的人多，到站先后差不了几秒，抽签大家都服气。"},
    "referral_slip": {"rating_url": "HTTPS://LG.EXAMPLE.GOV.CN/RATE/0123456789ABCDEFGHJKMNPQRSTVWXYZ"},
    "fairness_sheet": {
        "figures": (
            ("签到人次", "812"),
            ("来过的人数", "236"),
            ("派到活的人次", "540"),
            ("当天没派到活的人次", "272"),
            ("整月没派到活的人数", "9"),
            ("雇主点名", "5"),
            ("跳过", "31"),
            ("没按顺序叫号（应为0）", "0"),
            ("短工当天回站", "64"),
        ),
        "named": (("武汉某物流公司", "3"), ("东西湖区某火锅店", "2")),
        "skips": (("2001 陈*", "不会做这种活", "19"), ("2001 陈*", "叫了没来", "8"), ("2002 周**", "时间不合", "4")),
    },
}
"""What a picture shows other than the sample of the tests, which is made to be difficult."""
WIDE, SMALL = 760, 583


def paper_of(name: str, template: str) -> Paper:
    """The paper a picture shows."""
    if name in BLANKS:
        return blank_paper(BLANK_FORMS[BLANKS[name]], samples.STATION, {"operator": ""}, samples.CREATED)
    if name == "P15-rule-board-a1-shop":
        return samples.board(paper="A1", finish=SheetFinish.SHOP)
    if name == "P12-ledger-corrections":
        return samples.ledger_sheet(booklet=Booklet("3", count=4))
    kind = next((kind for kind in TYPES if name == f"P9-{kind.value.lower().replace('_', '-')}"), None)
    paper: Paper = samples.paper_of_type(kind) if kind else samples.PAPERS[template](**CHANGES.get(template, {}))
    return paper


def first_page(pdf: bytes, dots: int = 200) -> Image.Image:
    """The first page of a PDF as a grey or coloured picture with so many dots an inch."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paper.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(dots), "-f", "1", "-l", "1", "-png", "paper.pdf", "page"], cwd=folder, check=True)
        return Image.open(io.BytesIO(next(Path(folder).glob("page*.png")).read_bytes())).convert("RGB")


async def pictures(folder: Path) -> None:
    """Print every paper and write its picture."""
    printer = Printer(workers=1)
    await printer.start()
    try:
        for name, template in PICTURES.items():
            page = first_page(await printer.pdf(template, {"paper": paper_of(name, template)}), 60 if "-a1-" in name else 200)
            wide = SMALL if page.width < 1400 else WIDE
            small = page.resize((wide, round(page.height * wide / page.width)), Image.Resampling.LANCZOS)
            small.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
            print(f"{name}.png {(folder / f'{name}.png').stat().st_size // 1024} KB")
    finally:
        await printer.stop()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(pictures(target))
