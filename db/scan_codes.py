"""Reading the QR codes on a scan, and cutting a PDF into parts, in a process of its own.

    python -m db.scan_codes read MEDIA_TYPE < file      prints JSON: for each page, the texts of its QR codes
    python -m db.scan_codes cut 0,1;2,3 < file.pdf      prints each part: its length in four bytes, then a PDF

Decoders of pictures and PDFs read what strangers made. Here a file that breaks them, or wants too much memory or time,
ends a small process with limits; nothing of ours is in its environment.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import struct
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from rules.errors import RuleBroken
from rules.scans import MAXIMUM_PIXELS, ScanType

_SECONDS = 60
_MEMORY = 1_400_000_000
_ROOT = Path(__file__).resolve().parents[1]
_LENGTH = struct.Struct(">I")
_DOTS = (200, 320)
"""Dots per inch a PDF page is drawn at: as a scanner scans, and once more finer when nothing was found."""
_MOST_PIXELS = 16_000_000
_LONGEST = 200
"""Characters of a code that are kept; ours have under a hundred."""

UNREADABLE = "这个文件没有读出来，可能太大或者已经损坏。请打开看一看，输入协议编号归入，或者重新扫描。"

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def codes_on(kind: ScanType, body: bytes) -> list[list[str]]:
    """The texts of the QR codes on each page of a sound scan, in order. RuleBroken when it cannot be read."""
    said = await _run(body, "read", kind.value)
    try:
        return [[str(code)[:_LONGEST] for code in page] for page in json.loads(said)]
    except (ValueError, TypeError):
        raise RuleBroken(UNREADABLE) from None


async def cut(body: bytes, parts: Sequence[Sequence[int]]) -> list[bytes]:
    """The PDF cut into files of these pages. RuleBroken when that does not work."""
    said = await _run(body, "cut", ";".join(",".join(map(str, part)) for part in parts))
    files, start = [], 0
    while start + _LENGTH.size <= len(said):
        (size,) = _LENGTH.unpack_from(said, start)
        start += _LENGTH.size
        files.append(said[start : start + size])
        start += size
    if len(files) != len(parts) or start != len(said) or not all(file.startswith(b"%PDF-") for file in files):
        raise RuleBroken("这个PDF里有几份协议，但是没能拆开。请一份一份分开扫描后再上传。")
    return files


async def _run(body: bytes, *task: str) -> bytes:
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1))
    async with turn:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "db.scan_codes",
            *task,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(body), _SECONDS)
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            raise RuleBroken(UNREADABLE) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return said


def read(kind: ScanType, body: bytes) -> list[list[str]]:
    """The codes of each page. Runs in the small process."""
    if kind is ScanType.PDF:
        return [_first_found(attempts) for attempts in _pages(body)]
    return [_first_found(_photo(kind, body))]


def _first_found(attempts: Iterator[Any]) -> list[str]:
    import zxingcpp

    for picture in attempts:
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("QRCode"), text_mode=zxingcpp.TextMode.Plain)
        if texts := [code.text for code in found if code.text]:
            return texts
    return []


def _pages(body: bytes) -> Iterator[Iterator[Any]]:
    """For each page the pictures to try, drawn only when they are asked for."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    for index in range(len(document)):
        yield _drawn(document[index])


def _drawn(page: Any) -> Iterator[Any]:
    width, height = page.get_size()
    for dots in _DOTS:
        scale = min(dots / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        yield page.render(scale=scale, grayscale=True).to_pil()


def _photo(kind: ScanType, body: bytes) -> Iterator[Any]:
    """The picture, smaller when it is huge; then sharpened, and twice as large, for photos taken in a hurry."""
    from PIL import Image, ImageFilter, ImageOps

    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(body), formats=[kind.value.rpartition("/")[2].upper()]) as opened:
        picture = opened.convert("L")
    share = (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5
    if share < 1:
        picture = picture.resize((int(picture.width * share), int(picture.height * share)), Image.Resampling.BOX)
    yield picture
    clearer = ImageOps.autocontrast(picture, cutoff=2).filter(ImageFilter.UnsharpMask(3, 200, 2))
    yield clearer
    if picture.width * picture.height * 4 <= _MOST_PIXELS:
        yield clearer.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def parts(body: bytes, wanted: list[list[int]]) -> Iterator[bytes]:
    """A PDF for each list of pages. Runs in the small process."""
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(body))
    for indexes in wanted:
        writer = PdfWriter()
        for index in indexes:
            writer.add_page(reader.pages[index])
        out = io.BytesIO()
        writer.write(out)
        yield out.getvalue()


def main() -> None:
    """Do one task under limits; anything that goes wrong ends the process without an answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task, argument = sys.argv[1:3]
    body = sys.stdin.buffer.read()
    if task == "read":
        print(json.dumps(read(ScanType(argument), body)))
        return
    for part in parts(body, [[int(index) for index in each.split(",")] for each in argument.split(";")]):
        sys.stdout.buffer.write(_LENGTH.pack(len(part)) + part)


if __name__ == "__main__":
    main()
