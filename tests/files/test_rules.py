"""Names of files, and how many there may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.files.model import PER_CONTACT, File, Kind, Side
from chalicelib.files.rules import announced, disposition, few, named, room
from chalicelib.kernel.errors import BadInput, Conflict, DeskError
from tests.samples import NOON


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("영수증.png", "영수증.png"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ('a"b\nc;d.png', "a_b_c_d.png"),
        ("C:\\a\\b.png", "C_a_b.png"),
    ],
)
def test_a_name_is_only_a_name(given: str, name: str) -> None:
    assert announced(given, "image/png") == name


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/zip", "", "IMAGE/PNG"])
def test_other_kinds_are_refused_before_they_are_sent_in(kind: str) -> None:
    assert announced("a", "image/png") == "a"
    with pytest.raises(BadInput, match="file_refused"):
        announced("a", kind)


@pytest.mark.parametrize(
    ("name", "kind", "ending"),
    [
        ("a.exe", Kind.PNG, "a.png"),
        ("보고서.pdf.exe", Kind.PDF, "보고서.pdf.pdf"),
        ("a", Kind.TEXT, "a.txt"),
        (".png", Kind.PNG, "file.png"),
        ("a.jpeg", Kind.JPEG, "a.jpg"),
    ],
)
def test_a_name_ends_as_the_file_really_is(name: str, kind: Kind, ending: str) -> None:
    assert named(name, kind) == ending


@given(st.text(min_size=1, max_size=80), st.sampled_from(list(Kind)))
def test_no_name_breaks_out_of_the_header(given: str, kind: Kind) -> None:
    try:
        name = named(announced(given, kind), kind)
    except DeskError:
        return
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert not set(header.removeprefix("attachment; filename*=UTF-8''")) & set("\"'; \r\n\\/")


def test_a_contact_and_a_message_have_room_for_so_many_files() -> None:
    files = [File("c", f"{n}", "a", 1, Side.AGENT, NOON, "d") for n in range(PER_CONTACT)]
    room(files[1:])
    with pytest.raises(Conflict, match="too_many_files"):
        room(files)
    assert few(["a", "b", "a", "c", "d", "e"]) == ["a", "b", "c", "d", "e"]
    with pytest.raises(BadInput, match="too_many_files"):
        few(list("abcdef"))
