"""The main job from end to end in a real browser, on the server as it is started: from an employer's demand to a
printed, signed agreement and a counted placement; once with JavaScript, once without."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from db.clock import CHINA
from tests.e2e.demo_station import complaints, guided, identity_number, sign_in

TODAY = datetime.now(CHINA).date()


def _press(page: Page, text: str, inside: str = "main") -> None:
    page.locator(f"{inside} button", has_text=text).first.click()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_demand_to_placement(address: str, browser: Browser, tmp_path: Path, script: bool) -> None:
    digit = 1 if script else 2
    clerk = sign_in(browser, address, "clerk", script=script)
    heard = complaints(clerk)

    # 1. Employer and demand at the counter.
    clerk.goto("/desk/employers/new")
    clerk.check("input[name=kind][value=INDIVIDUAL]")
    clerk.fill("#name", f"高文静{digit}号")
    clerk.fill("#id_number", identity_number(f"4201991991030{digit}9{digit}2")[:17] + "?")
    clerk.fill("#phone", f"1390000004{digit}")
    clerk.fill("#address", "金银湖湖景花园8栋2单元1101室")
    _press(clerk, "保存雇主")
    assert "证件" in clerk.inner_text(".problems"), "a wrong number is refused"
    assert clerk.input_value("#name") == f"高文静{digit}号", "what was typed is still there"
    clerk.fill("#id_number", identity_number(f"4201991991030{digit}9{digit}2"))
    _press(clerk, "保存雇主")
    assert "/desk/employers/" in clerk.url, clerk.inner_text("main")
    clerk.select_option("form[action$='/verification'] select[name=method]", "DOCUMENT")
    clerk.check("form[action$='/verification'] input[name=seen][value=OWNER_ID]")
    clerk.locator("form[action$='/verification'] button").click()
    clerk.locator("a[href*='/desk/jobs/new?employer=']").first.click()

    # 2. The demand: a refused text first, its words marked; then as it should be.
    title = f"搬家打包帮手{digit}"
    clerk.fill("#title", title)
    clerk.select_option("#trade", "C01")
    clerk.fill("#headcount", "1")
    clerk.fill("#duties", "限男性，帮忙搬家打包，先交押金100元。")
    clerk.select_option("#subdistrict", "420112015")
    clerk.fill("#landmark", "宏图大道")
    clerk.fill("#exact_address", "湖景花园8栋2单元1101室")
    clerk.fill("#start_date", TODAY.isoformat())
    clerk.fill("#end_date", (TODAY + timedelta(days=1)).isoformat())
    clerk.fill("#start_time", "19:00")
    clerk.fill("#end_time", "08:00")
    clerk.fill("#break_minutes", "180")
    clerk.fill("#weekly_days", "2")
    clerk.select_option("#pay_basis", "TIME")
    clerk.fill("#pay_fen", "300")
    clerk.select_option("#pay_unit", "NIGHT")
    clerk.select_option("#settle_cycle", "DAILY")
    clerk.select_option("#pay_method", "WECHAT")
    clerk.select_option("#insurance", "VOLUNTARY")
    clerk.fill("#hazard_notice", "重物两人抬，夜里注意脚下。")
    clerk.fill("#protection", "提供手套和护腰。")
    clerk.check("input[name=promise]")
    _press(clerk, "保存并提交审核")
    assert "不得限定性别" in clerk.inner_text("main")
    assert "押金" in [mark.inner_text() for mark in clerk.locator("mark").all()], "the words are marked"
    clerk.fill("#duties", "帮忙搬家打包，冰箱洗衣机和二十个纸箱，做完当场付钱。")
    for answer in clerk.locator("input[name^='answer-'], textarea[name^='answer-']").all():
        answer.fill("已经和雇主核对过。")
    if not clerk.is_checked("input[name=promise]"):
        clerk.check("input[name=promise]")
    _press(clerk, "保存并提交审核")
    number = re.search(r"G\d{6}-\d{6}", clerk.url)
    assert number, clerk.inner_text("main")
    post = number[0]
    assert "待审核" in clerk.inner_text("h1")
    clerk.select_option("form[action$='/verification'] select[name=method]", "PHONE")
    clerk.locator("form[action$='/verification'] button").click()

    # 3. Review by somebody else; publication.
    assert clerk.goto(f"/desk/reviews/{post}")
    assert "不能自己审核" in clerk.inner_text("main"), "the author does not review"
    assert clerk.locator("main button").count() == 0
    reviewer = sign_in(browser, address, "reviewer", script=script)
    reviewer.goto(f"/desk/reviews/{post}")
    _press(reviewer, "开始审核")
    for tick in reviewer.locator("form[action$='/approval'] input[type=checkbox]").all():
        tick.check()
    reviewer.locator("form[action$='/approval'] button").first.click()
    reviewer.goto(f"/desk/jobs/{post}")
    for tick in reviewer.locator("form[action$='/publication'] input[value=WEBSITE]").all():
        tick.check()
    reviewer.locator("form[action$='/publication'] button").first.click()
    assert "招工中" in reviewer.inner_text("h1"), reviewer.inner_text("main")

    # 4. A worker finds it on a small phone.
    phone = browser.new_context(base_url=address, java_script_enabled=script, viewport={"width": 360, "height": 640}).new_page()
    phone.goto("/jobs?q=搬家打包")
    phone.locator("a", has_text=title).first.click()
    assert post in phone.url
    seen = phone.content()
    for secret in ("1101", f"1390000004{digit}", "高文静"):
        assert secret not in seen, secret
    assert phone.locator("a[href^='tel:']").count() >= 1
    poster = phone.request.get(f"/jobs/{post}/poster.pdf")
    assert poster.body().startswith(b"%PDF")

    # 5. The worker comes to the counter.
    clerk.goto("/desk/seekers/new")
    worker = f"王䶮{'甲乙'[digit - 1]}"
    clerk.fill("#id_number", identity_number(f"42019919880{digit}0{digit}903"))
    clerk.fill("#name", worker)
    clerk.fill("#phone", f"1990000030{digit}")
    clerk.select_option("#subdistrict", "420112015")
    clerk.fill("#community", "银湖社区")
    clerk.select_option("#trade1", "C01")
    for slot in clerk.locator("input[name=slots]").all():
        slot.check()
    for name in ("original_seen", "pledge", "consent"):
        clerk.check(f"input[name={name}]")
    clerk.select_option("#consent_method", "SIGNED_PAPER")
    _press(clerk, "保存登记")
    found = re.search(r"Q\d{11}", clerk.url)
    assert found, clerk.inner_text("main")
    seeker = found[0]
    assert f"199****030{digit}" in clerk.inner_text("main"), "the phone is masked"

    # 6. Referral: the worker's yes, the employer's yes, contacts only then.
    clerk.goto(f"/desk/jobs/{post}/candidates")
    clerk.locator(f"form:has(input[value={seeker}]) button").click()
    referral = re.search(r"T\d{11}", clerk.url)
    assert referral, clerk.inner_text("main")
    assert "13900000" not in clerk.content()
    form = "form[action$='/worker-answer']"
    clerk.check(f"{form} input[name=answer][value=yes]")
    clerk.check(f"{form} input[name=consent]")
    clerk.select_option(f"{form} select[name=method]", "SIGNED_PAPER")
    clerk.locator(f"{form} button").first.click()
    assert "13900000" not in clerk.content()
    form = "form[action$='/employer-answer']"
    clerk.check(f"{form} input[name=answer][value=yes]")
    clerk.fill(f"{form} input[name=answered_by]", "高文静")
    clerk.locator(f"{form} button").first.click()
    assert f"1390000004{digit}" in clerk.content(), "both said yes: the contact is there"
    slip = clerk.request.get(f"/desk/referrals/{referral[0]}/slip.pdf")
    assert slip.body().startswith(b"%PDF")

    # 7. The agreement: which one is asked for, then it is drafted, printed, signed, handed over.
    clerk.goto(f"/desk/referrals/{referral[0]}")
    with clerk.expect_navigation():
        clerk.locator(f"a[href='/desk/referrals/{referral[0]}/guidance']").click()
    guided(clerk)
    record = re.search(r"guidance=(Y\d+)", clerk.url)
    assert record, clerk.inner_text("main")
    clerk.locator("form[data-draft] button.go").click()
    agreement = re.search(r"XLW-\d{4}-\d{6}", clerk.url)
    assert agreement, clerk.inner_text("main")
    assert clerk.request.get(f"/desk/guidance/{record[1]}/record.pdf").body().startswith(b"%PDF")
    clerk.goto(f"/desk/agreements/{agreement[0]}")
    clerk.locator("form[action$='/paper'] button").click()
    paper = clerk.request.get(f"/desk/agreements/{agreement[0]}/paper.pdf").body()
    file = tmp_path / "agreement.pdf"
    file.write_bytes(paper)
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in PdfReader(file).pages))
    for word in (worker, "高文静", agreement[0], "零工劳务协议", "次日", "元整"):
        assert word in text, word
    wrong = tmp_path / "virus.pdf"
    wrong.write_bytes(b"MZ\x90\x00" + b"\x00" * 2000)
    clerk.set_input_files("input[name=scan]", wrong)
    clerk.check("#signatures_seen")
    clerk.locator("form[action$='/scan'] button").click()
    assert clerk.locator(".problems").count() == 1, "a program named .pdf is refused"
    clerk.set_input_files("input[name=scan]", file)
    clerk.locator("form[action$='/scan'] button").click()
    form = "form[action$='/delivery']"
    clerk.locator(f"{form} input[name=how]").first.check()
    clerk.check(f"{form} input[name=told]")
    clerk.locator(f"{form} button").click()
    assert "已交给零工" in clerk.inner_text("main")
    check = phone.goto(f"/verify/{agreement[0]}")
    assert check
    assert check.status == 200
    assert worker not in phone.content()

    # 8. On the job: it counts once, and the full post leaves the board.
    clerk.goto(f"/desk/referrals/{referral[0]}")
    clerk.locator(f"a[href$='/desk/referrals/{referral[0]}/placement'], form[action$='/placement'] button").first.click()
    form = "form[action$='/placement']"
    if clerk.locator(f"{form} [name=evidence]").count():
        clerk.goto(f"/desk/referrals/{referral[0]}/placement")
        if clerk.locator(f"{form} select[name=evidence]").count():
            clerk.select_option(f"{form} select[name=evidence]", "RETURN_SLIP")
        else:
            clerk.check(f"{form} input[name=evidence][value=RETURN_SLIP]")
        clerk.fill(f"{form} input[name=started_on]", TODAY.isoformat())
        clerk.fill(f"{form} [name=note]", "回执已收回，雇主签了名。")
        clerk.locator(f"{form} button").first.click()
    clerk.goto(f"/desk/jobs/{post}")
    assert "已招满" in clerk.inner_text("h1"), clerk.inner_text("main")
    gone = phone.goto(f"/jobs/{post}")
    assert gone
    assert gone.status == 410

    # 9. A rule board for the wall.
    phone.goto("/stations/ZD-420112015-01")
    link = phone.locator("a[href*='/boards/flow.pdf']").first.get_attribute("href")
    assert phone.request.get(link).body().startswith(b"%PDF")
    assert not [line for line in heard if "422" not in line], heard
