"""What a PDF would do by itself, as far as its names tell.

Looked through are the file as it lies and its object streams, inflated; names written with `#` codes are read as
viewers read them. Not seen is what is inside streams that are encrypted, or packed otherwise than by FlateDecode,
unless their dictionary says that they hold objects: then the file is refused.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator

_SPACE = rb"[\s\x00]"
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|GoToR|GoToE)"
    # Three letters stand in pictures by chance; an opening destination only turns to a page.
    rb"|/(?:JS|AA|XFA)(?:" + _SPACE + rb"*[(<\[%]|" + _SPACE + rb"+\d)"
    rb"|/OpenAction(?!" + _SPACE + rb"*\[)"
)
_CODE = re.compile(rb"#([0-9a-fA-F]{2})")
_BEGINS = re.compile(rb"(?<!end)stream\r?\n?")
_ENDS = re.compile(rb"endstream")
_OBJECTS = re.compile(rb"[\s\x00]*(?:\d+\s+\d+\s|%)")
_HEAD_BYTES = 2_000
_FIRST_BYTES = 4_096
_STREAMS = 50_000
_INFLATED_BYTES = 20_000_000


def acts(content: bytes) -> bool:
    """Return whether a PDF names scripts, actions or files inside, or hides too much to tell."""
    if _ACTIVE.search(_plain(content)):
        return True
    if len(_BEGINS.findall(content)) > _STREAMS:
        return True
    room, work = _INFLATED_BYTES, 2 * len(content)
    for head, body in _streams(content):
        first = _inflated(body[:_FIRST_BYTES], _FIRST_BYTES)
        if not _OBJECTS.match(first):
            if b"/ObjStm" in _plain(head) and not _OBJECTS.match(body):
                return True
            continue
        inside = _inflated(body, room + 1)
        room, work = room - len(inside), work - len(body)
        # Streams that overlap would be looked through again and again.
        if min(room, work) < 0 or _ACTIVE.search(_plain(inside)):
            return True
    return False


def _streams(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield what stands before each stream, and what may be in it."""
    view, ends = memoryview(content), [one.start() for one in _ENDS.finditer(content)]
    for begin in _BEGINS.finditer(content):
        at = bisect_left(ends, begin.end())
        before = content[max(0, begin.start() - _HEAD_BYTES) : begin.start()]
        yield before.rpartition(b"obj")[2], view[begin.end() : ends[at] if at < len(ends) else None]


def _plain(content: bytes) -> bytes:
    parts = _CODE.split(content)
    parts[1::2] = [bytes((code,)) for code in bytes.fromhex(b"".join(parts[1::2]).decode())]
    return b"".join(parts)


def _inflated(packed: memoryview, limit: int) -> bytes:
    """Return the first `limit` bytes of what was deflated; nothing for what was not."""
    try:
        return zlib.decompressobj().decompress(packed, limit)
    except zlib.error:
        return b""
