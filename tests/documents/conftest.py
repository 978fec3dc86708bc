"""One printer for all the document tests (its workers load fonts for a second), and eyes for the PDFs."""

import subprocess
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from web.documents.certificates import Certificate, make_own
from web.documents.renderer import Printer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def printer():
    printer = Printer(workers=1)
    await printer.start()
    yield printer
    await printer.stop()


@pytest.fixture
def text_of(tmp_path):
    """The text of the PDF in the order it was set (the order screen readers follow), white space left out."""

    def read(pdf):
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        command = ["pdftotext", "-raw", str(path), "-"]
        return "".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())

    return read


@pytest.fixture
def fonts_of(tmp_path):
    """(font name, embedded, has a Unicode map) of each font, as pdffonts tells."""

    def read(pdf):
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        lines = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        return [(line.split()[0], line.split()[-5] == "yes", line.split()[-3] == "yes") for line in lines]

    return read


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate that the tests gave themselves."""
    folder = tmp_path_factory.mktemp("certificate")
    make_own(folder / "own.p12", folder / "own.passphrase", "零工驿站演示（自签）", datetime.now(UTC))
    return Certificate((folder / "own.p12").read_bytes(), (folder / "own.passphrase").read_bytes(), "own.p12")
