"""Pages as a scanner or a hurried phone makes them: lines of text, and the code at the foot of each page."""

import io

import segno
from PIL import Image, ImageDraw, ImageFilter

A4 = (8.27, 11.69)


def page(number: str = "XLW-2026-000001", dots: int = 200, *, codes: tuple[str, ...] | None = None) -> Image.Image:
    """A page of a paper with this number (or with these codes, or with none) at so many dots per inch."""
    picture = Image.new("L", (int(A4[0] * dots), int(A4[1] * dots)), 255)
    pen = ImageDraw.Draw(picture)
    for height in range(dots, int(dots * 9.5), dots // 5):
        pen.line((dots * 0.8, height, dots * 7.4, height), fill=70, width=dots // 60)
    wanted = (f"https://lg.example.gov.cn/verify/{number}",) if codes is None else codes
    side = int(16 / 25.4 * dots)
    for place, code in enumerate(wanted):
        drawn = io.BytesIO()
        segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=10, border=2)
        small = Image.open(drawn).convert("L").resize((side, side), Image.Resampling.BICUBIC)
        picture.paste(small, (picture.width - int(dots * (1.6 + place)), picture.height - int(dots * 0.9)))
    return picture


def jpeg(picture: Image.Image, quality: int = 60) -> bytes:
    """The picture as a phone sends it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def png(picture: Image.Image) -> bytes:
    """The picture without loss."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def pdf(*pages: Image.Image) -> bytes:
    """The pages as a scanner with a feeder makes them."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=list(pages[1:]))
    return out.getvalue()


def skewed(picture: Image.Image, degrees: float = 3) -> Image.Image:
    """Put askew onto the glass, which is darker than paper."""
    return picture.rotate(degrees, expand=True, fillcolor=215, resample=Image.Resampling.BICUBIC)


def blurred(picture: Image.Image, radius: float = 1.4) -> Image.Image:
    """Out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def photographed(picture: Image.Image) -> Image.Image:
    """Taken from the side by a phone: one edge farther away, a shadow over half of it."""
    width, height = picture.size
    table = Image.new("L", (int(width * 1.2), int(height * 1.15)), 110)
    table.paste(picture, (int(width * 0.1), int(height * 0.05)))
    far = (0, 0, int(table.width * 0.06), table.height, int(table.width * 0.94), table.height, table.width, 0)
    shot = table.transform(table.size, Image.Transform.QUAD, far, Image.Resampling.BICUBIC, fillcolor=110)
    shadow = Image.linear_gradient("L").resize(shot.size).point(lambda value: 150 + value * 105 // 255)
    return Image.composite(shot, Image.new("L", shot.size, 0), shadow)
