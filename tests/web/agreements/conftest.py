"""A printer that answers at once, and the real one for the tests that read the paper."""

import io

import pytest
from pypdf import PdfWriter

from tests.web.agreement_scene import put_guidance, put_scene


def blank_pdf(pages: int = 2) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class QuickPrinter:
    """Gives a blank PDF and remembers what it was asked to print."""

    def __init__(self):
        self.printed = []

    async def pdf(self, template, context, *, variant=None, **more):
        self.printed.append((template, context["paper"]))
        return blank_pdf() + f"%{len(self.printed)}".encode()

    def state(self):
        return "ok"


@pytest.fixture
def quick_printer(app, monkeypatch):
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


@pytest.fixture
async def real_printer(app):
    printer = app.litestar.state.printer
    await printer.start()
    yield printer
    await printer.stop()


@pytest.fixture
async def scene(house):
    """Both sides said yes, and the guidance chose 零工劳务协议."""
    made = await put_scene()
    await put_guidance(made)
    return made
