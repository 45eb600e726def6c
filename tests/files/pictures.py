"""Pictures, and what pretends to be one."""

import io
from typing import Any

from PIL import Image

PLACE = "37.5665N 126.9780E"


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20), mode: str = "RGB", **saved: Any) -> bytes:
    """Return a picture: its left half is red, its right half blue."""
    made = Image.new(mode, size, "blue")
    made.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    out = io.BytesIO()
    made.save(out, kind, **saved)
    return out.getvalue()


def located(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """Return a picture that tells where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "김단비"
    exif[0x010E] = PLACE
    return picture(kind, exif=exif)


def opened(content: bytes) -> Image.Image:
    """Return the picture in `content`, loaded."""
    found = Image.open(io.BytesIO(content))
    found.load()
    return found
