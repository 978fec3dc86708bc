"""What every page keeps to: no script or style inside, no markup from typed text, a token in every form, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT
from web.documents import typesetting
from web.render import make_environment

FOLDER = ROOT / "web" / "templates"
HTML_IN_DOCUMENTS = {"verify.html"}
"""Pages of the documents room; everything else in its folder is a paper."""
PAGES = sorted(path for path in FOLDER.rglob("*.html") if path.parent.name != "documents" or path.name in HTML_IN_DOCUMENTS)
PAPERS = sorted(path for path in (FOLDER / "documents").glob("*.html") if path.name not in HTML_IN_DOCUMENTS)

SAFE_ALLOWED: set[str] = set()
"""Templates that may mark text as safe. Keep it empty: markup is made by functions that escape."""
STYLE_ALLOWED = {"layouts/public.html", "layouts/phone.html", "errors/error.html"}
"""The frames of public pages whose stylesheet stands inside; the security policy allows exactly its hash."""
DATA_SCRIPT = 'type="application/ld+json"'
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def short(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def text(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_there_are_templates_to_look_at():
    assert len(PAGES) > 10
    assert len(PAPERS) > 5


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_a_page_compiles(path):
    make_environment().get_template(short(path))


@pytest.mark.parametrize("path", PAPERS, ids=short)
def test_a_paper_compiles(path):
    typesetting.environment().get_template(short(path))


@pytest.mark.parametrize("path", [*PAGES, *PAPERS], ids=short)
def test_no_script_stands_in_a_page(path):
    scripts = re.findall(r"<script\b([^>]*)>", text(path))
    assert not [script for script in scripts if "src=" not in script and DATA_SCRIPT not in script]


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_no_style_and_no_event_stands_on_an_element(path):
    source = text(path)
    assert not re.findall(r"<[^>{}]*\sstyle\s*=", source)
    assert not re.findall(r"<[^>]*\son[a-z]+\s*=", source)
    assert not re.findall(r"javascript:", source, re.I)
    if short(path) not in STYLE_ALLOWED:
        assert "<style" not in source


@pytest.mark.parametrize("path", [*PAGES, *PAPERS], ids=short)
def test_no_text_is_declared_safe(path):
    if short(path) not in SAFE_ALLOWED:
        assert not re.findall(r"\|\s*safe\b|autoescape\s+false|Markup\(", text(path))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_every_form_that_posts_carries_a_token(path):
    for form in re.findall(r"<form\b.*?</form>", text(path), re.S):
        if re.search(r'method="?post', form[: form.index(">")], re.I):
            assert "csrf_token" in form or "secrets(" in form, form[:120]


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_every_form_says_where_it_goes(path):
    for form in re.findall(r"<form\b[^>]*>", text(path)):
        assert "action=" in form, form


@pytest.mark.parametrize("path", [*PAGES, *PAPERS], ids=short)
def test_nothing_is_fetched_from_elsewhere(path):
    """Links, scripts, fonts and pictures are our own; names of vocabularies are no addresses to fetch."""
    assert not re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//[^"')\s]+""", text(path))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_a_page_asks_no_questions(path):
    """A template that queries hides work that nobody sees."""
    assert not re.findall(r"\bawait\b|\.select\(|\.objects\(", text(path))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_what_asks_again_by_itself_says_so(path):
    """Or a screen that nobody sits at would never lock (domain reference 9 rule 4; web/sessions.py)."""
    for tag in re.findall(r"<[^>]*hx-trigger=[\"'][^\"']*every[^>]*>", text(path)):
        assert "X-Polling" in tag, tag
