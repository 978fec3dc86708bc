"""Opening an uploaded scan to see that it is what it says, in a process of its own.

    python -m db.scans MEDIA_TYPE < file     prints "ok" or the reason in one word, and nothing else

A file from outside can be made to use up memory or time while it is opened. Here that ends a small process with
limits; the web process only reads its one word.
"""

from __future__ import annotations

import asyncio
import io
import resource
import sys
import warnings
from pathlib import Path

from rules.errors import RuleBroken
from rules.scans import MAXIMUM_PAGES, MAXIMUM_PIXELS, ScanType, scan_type

_SECONDS = 10
_MEMORY = 700_000_000
_ROOT = Path(__file__).resolve().parents[1]

_SENTENCES = {
    "pixels": "图片的尺寸太大，不像是扫描件。请用手机或扫描仪重新拍一张普通清晰度的照片。",
    "pages": f"这个PDF没有页面或者超过{MAXIMUM_PAGES}页，不像是要交的文件。请核对是不是选错了文件。",
    "locked": "这个PDF加了密码，存档后别人打不开。请去掉密码后再上传。",
}
_BROKEN = "这个文件打不开，可能已经损坏。请重新扫描或拍照后再上传。"


async def check_scan(body: bytes) -> ScanType:
    """What kind of scan the bytes are, after opening them. RuleBroken, in one sentence, for anything else."""
    kind = scan_type(body)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "db.scans",
        kind.value,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(body), _SECONDS * 2)
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        said = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    word = said.decode("ascii", "replace").strip()
    if word != "ok":
        raise RuleBroken(_SENTENCES.get(word, _BROKEN), "scan")
    return kind


def verdict(kind: ScanType, body: bytes) -> str:
    """ "ok", or what is wrong: pixels, pages, locked, broken. Runs in the small process."""
    return _pdf(body) if kind is ScanType.PDF else _picture(kind, body)


def _picture(kind: ScanType, body: bytes) -> str:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    warnings.simplefilter("error")
    name = kind.value.rpartition("/")[2].upper()
    try:
        with Image.open(io.BytesIO(body), formats=[name]) as picture:
            if picture.width * picture.height > MAXIMUM_PIXELS:
                return "pixels"
            picture.verify()
        with Image.open(io.BytesIO(body), formats=[name]) as picture:
            picture.draft("L", (200, 200))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "pixels"
    except Exception:
        return "broken"
    return "ok"


def _pdf(body: bytes) -> str:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted:
            return "locked"
        pages = len(reader.pages)
        if not 1 <= pages <= MAXIMUM_PAGES:
            return "pages"
        for page in reader.pages:
            page.mediabox  # noqa: B018 reading it is the test
    except Exception:
        return "broken"
    return "ok"


def main() -> None:
    """Read the file from standard input under limits and print the verdict."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        print(verdict(ScanType(sys.argv[1]), sys.stdin.buffer.read()))
    except MemoryError:
        print("pixels")


if __name__ == "__main__":
    main()
