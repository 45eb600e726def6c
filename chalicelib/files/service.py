"""Make what came from outside harmless."""

from chalicelib.files.model import Kind
from chalicelib.files.pictures import PICTURES, redrawn
from chalicelib.files.rules import kind_of, plain, still


def harmless(content: bytes) -> tuple[Kind, bytes]:
    """Return what `content` is, whatever it was said to be, and the form in which it is kept.

    Raises BadInput `file_refused`.
    """
    kind = kind_of(content)
    if kind in PICTURES:
        return kind, redrawn(content, kind)
    return kind, still(content) if kind is Kind.PDF else plain(content)
