"""What a file is, by its content alone, and what of it is kept."""

import re
from urllib.parse import quote

from chalicelib.files.model import PER_CONTACT, PER_MESSAGE, File, Kind
from chalicelib.files.pdf import acts
from chalicelib.kernel.errors import BadInput, Conflict
from chalicelib.kernel.text import clean

_NAME_LIMIT = 100
_STARTS = {
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"GIF87a": Kind.GIF,
    b"GIF89a": Kind.GIF,
    b"%PDF-": Kind.PDF,
}
_ENDINGS = {
    Kind.PNG: ".png",
    Kind.JPEG: ".jpg",
    Kind.WEBP: ".webp",
    Kind.GIF: ".gif",
    Kind.PDF: ".pdf",
    Kind.TEXT: ".txt",
}
_WEBP_AT = slice(8, 12)
# What a path, a header or a shell could make something else of.
_UNSAFE = re.compile(r'[\\/:*?"<>|%;\n\t]+')
_ENDING = re.compile(r"\.\w{1,8}$")
_MARKUP = re.compile(r"<(?:!doctype|\?xml|html|head|body|svg|script|iframe)", re.IGNORECASE)
# As far as the most curious of browsers look.
_LOOKED_AT = 4096
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def announced(name: str, kind: str) -> str:
    """Return the name under which a file that is said to be of `kind` is announced; raise BadInput."""
    if kind not in set(Kind):
        raise refused(f"a file is one of {', '.join(Kind)}")
    return _UNSAFE.sub("_", clean(name, limit=_NAME_LIMIT, field="name"))


def named(name: str, kind: Kind) -> str:
    """Return `name` with the ending of what the file really is."""
    return (_ENDING.sub("", name).rstrip(". ") or "file") + _ENDINGS[kind]


def disposition(name: str) -> str:
    """Return the header by which a browser saves a file under `name` and never shows it."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def kind_of(content: bytes) -> Kind:
    """Return what `content` is, by its first bytes; what is none of the others must be text."""
    if content[:4] == b"RIFF" and content[_WEBP_AT] == b"WEBP":
        return Kind.WEBP
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), Kind.TEXT)


def plain(content: bytes) -> bytes:
    """Return a text in UTF-8; raise BadInput `file_refused` for what is no text, and for markup."""
    try:
        text = _decoded(content)
    except ValueError:
        raise refused("this is no text") from None
    if _CONTROL.search(text):
        raise refused("this is no text")
    if _MARKUP.search(text[:_LOOKED_AT]):
        raise refused("HTML, SVG and XML are not taken")
    return text.encode()


def still(content: bytes) -> bytes:
    """Return a PDF as it is; raise BadInput `file_refused` for one that is seen to do something by itself."""
    if acts(content):
        raise refused("a PDF with scripts, actions or files inside is not taken")
    return content


def room(files: list[File]) -> None:
    """Raise Conflict `too_many_files` if a contact with `files` can take no more."""
    if len(files) >= PER_CONTACT:
        raise Conflict("too_many_files", f"a contact has at most {PER_CONTACT} files")


def few(files: list[str]) -> list[str]:
    """Return the files of a message, each once; raise BadInput `too_many_files`."""
    chosen = list(dict.fromkeys(files))
    if len(chosen) > PER_MESSAGE:
        raise BadInput("too_many_files", f"a message has at most {PER_MESSAGE} files")
    return chosen


def refused(why: str) -> BadInput:
    """Return the refusal of a file."""
    return BadInput("file_refused", why)


def _decoded(content: bytes) -> str:
    # Korean Windows still writes the code page of its own.
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp949")
