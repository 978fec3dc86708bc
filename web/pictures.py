"""Making an uploaded picture anew, in a process of its own: only its pixels are kept, nothing that came with them.

    python -m web.pictures LONGEST < picture     prints the new PNG or JPEG, or one word that says what is wrong

A picture is opened by decoders that strangers like to break, and may carry places, names and programs. Here that ends
a small process with limits, and what is kept was written by us.
"""

import asyncio
import io
import resource
import struct
import sys
import warnings
from pathlib import Path

from rules.emblems import MAXIMUM_PIXELS, UNREADABLE, Picture, check_beginning
from rules.errors import RuleBroken

_SECONDS = 15
_MEMORY = 900_000_000
_ROOT = Path(__file__).resolve().parents[1]
_HEAD = struct.Struct(">II")


async def clean_picture(body: bytes, longest: int) -> Picture:
    """The picture made anew, its longer side `longest` pixels at most. RuleBroken on `picture` for anything else."""
    check_beginning(body)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "web.pictures",
        str(longest),
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
    if said == b"pixels":
        raise RuleBroken("图片的尺寸太大，请缩小以后再上传。", "picture")
    if len(said) <= _HEAD.size:
        raise RuleBroken(UNREADABLE, "picture")
    width, height = _HEAD.unpack_from(said)
    made = said[_HEAD.size :]
    return Picture(made, "image/png" if made.startswith(b"\x89PNG") else "image/jpeg", width, height)


def remade(body: bytes, longest: int) -> tuple[int, int, bytes]:
    """(width, height, new bytes). Runs in the small process."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(body), formats=["PNG", "JPEG"]) as opened:
        kind = opened.format or ""
        opened.load()
        picture: Image.Image = ImageOps.exif_transpose(opened)
    width, height = picture.size
    see_through = picture.mode in ("RGBA", "LA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    out = io.BytesIO()
    if kind == "PNG":
        fresh.save(out, "PNG", optimize=True)
    else:
        fresh.save(out, "JPEG", quality=90, subsampling=0)
    return width, height, out.getvalue()


def main() -> None:
    """Read the picture from standard input under limits and print it made anew."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        width, height, made = remade(sys.stdin.buffer.read(), int(sys.argv[1]))
    except MemoryError:
        sys.stdout.write("pixels")
    except Exception as error:
        sys.stdout.write("pixels" if "Decompression" in type(error).__name__ else "broken")
    else:
        sys.stdout.buffer.write(_HEAD.pack(width, height) + made)


if __name__ == "__main__":
    main()
