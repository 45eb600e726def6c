"""Pictures are drawn anew: what was hidden in the file, and where and by whom it was taken, stays behind."""

import io
import struct
import warnings

from chalicelib.files.model import MAX_BYTES, MAX_PIXELS, MAX_WEBP_PIXELS, Kind
from chalicelib.files.rules import refused

PICTURES = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP", Kind.GIF: "GIF"}
_QUALITY = 88
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
"""What Pillow raises, here or there, for what is no whole picture."""


def redrawn(content: bytes, kind: Kind) -> bytes:
    """Return the first frame of a picture, upright, as a new file of the same kind and without metadata.

    Raises BadInput `file_refused` for what is no whole picture of that kind, has over 40 million pixels (12 as a
    WebP), or takes more than `MAX_BYTES` as it is drawn anew.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - a cold start shall not wait for it

    limit = MAX_WEBP_PIXELS if kind is Kind.WEBP else MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[PICTURES[kind]]) as given:
                if given.width * given.height > limit:
                    raise refused(f"a picture of this kind has at most {limit // 1_000_000} million pixels")
                upright = ImageOps.exif_transpose(given)
                seen = upright.has_transparency_data and kind is not Kind.JPEG
                bare = upright.convert("RGBA" if seen else "RGB")
    except (*_BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused("this picture is broken, or too large") from None
    bare.info.clear()
    out = io.BytesIO()
    bare.save(out, PICTURES[kind], quality=_QUALITY)
    if out.tell() > MAX_BYTES:
        raise refused("this picture takes too many bytes as it is kept")
    return out.getvalue()
