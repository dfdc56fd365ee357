"""Faces by role: the bundled ones, the office's own, and what stands in for a character that a face lacks."""

from __future__ import annotations

import hashlib
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.printing.faces import BUNDLED, BUNDLED_FILES, OFFICE_FILES, Faces, Role, font_files
from desktop.printing.setting import Style

ROLES: tuple[Role, ...] = ("小标宋", "黑体", "宋体", "仿宋", "楷体")


def tables(content: bytes) -> dict[str, tuple[int, int]]:
    """tag -> (place of its entry in the directory, offset of the table) of a TrueType file."""
    found: dict[str, tuple[int, int]] = {}
    for at in range(struct.unpack_from(">H", content, 4)[0]):
        entry = 12 + 16 * at
        tag, _, offset, _ = struct.unpack_from(">4sLLL", content, entry)
        found[tag.decode()] = (entry, offset)
    return found


def with_check_sum(content: bytes, number: int) -> bytes:
    """The same face in a file that differs: only the check sum in `head` is another."""
    at = tables(content)["head"][1] + 8
    return content[:at] + struct.pack(">L", number) + content[at + 4 :]


def as_collection(content: bytes) -> bytes:
    """A .ttc with this one face."""
    header = struct.pack(">4sLLL", b"ttcf", 0x00010000, 1, 16)
    moved = bytearray(content)
    for entry, offset in tables(content).values():
        struct.pack_into(">L", moved, entry + 8, offset + len(header))
    return header + bytes(moved)


def forbidden(content: bytes) -> bytes:
    """The face with fsType 2: its maker forbids embedding."""
    at = tables(content)["OS/2"][1] + 8
    return content[:at] + struct.pack(">H", 2) + content[at + 2 :]


@pytest.fixture(scope="module")
def song() -> bytes:
    return (BUNDLED / "FandolSong-Regular.ttf").read_bytes()


def test_the_bundled_files_are_those_that_origin_names() -> None:
    lines = (BUNDLED / "ORIGIN.md").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines if line.endswith(".ttf") and "  " in line)
    made = {name: hashlib.sha256((BUNDLED / name).read_bytes()).hexdigest() for name in BUNDLED_FILES.values()}
    assert {name: sums[name] for name in made} == made


def test_licences_stand_beside_the_fonts() -> None:
    assert "special exception" in (BUNDLED / "COPYING-Fandol.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (BUNDLED / "OFL-NotoSerifSC.txt").read_text(encoding="utf-8").upper()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sets_all_of_gb_2312(faces: Faces, role: Role) -> None:
    chars = [bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    wanted = [char for char in chars if char]
    assert len(wanted) == 7445
    assert [char for char in wanted if faces.find(role, char) is None] == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("char", "喆堃䶮𫖯𬀩〔〕〇−²（ぁa0")
def test_rare_characters_have_a_face_in_every_role(faces: Faces, role: Role, char: str) -> None:
    face = faces.find(role, char)
    assert face is not None
    assert face.has(char)


def test_a_character_in_no_face_is_not_found(faces: Faces) -> None:
    assert faces.find("宋体", "𠮷") is None


def test_figures_of_fangsong_and_kaiti_come_from_song(faces: Faces) -> None:
    assert faces.find("仿宋", "1") is faces.find("楷体", "1") is faces.face("宋体")


def test_figures_of_song_are_half_a_cell_wide(faces: Faces) -> None:
    assert {faces.face("宋体").width(digit) for digit in "0123456789"} == {0.5}


def test_the_office_face_goes_before_the_bundled_one_and_the_bundled_one_fills_its_gaps(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "SIMFANG.TTF").write_bytes((BUNDLED / "FandolKai-Regular.ttf").read_bytes())
    faces = Faces(search=(tmp_path,))
    assert faces.face("仿宋").font.postscript_name == "FandolKai-Regular"
    assert faces.face("黑体").font.postscript_name == "FandolHei-Regular"
    found = faces.find("仿宋", "喆")
    assert found
    assert found.font.postscript_name == "NotoSerifSC-Light"


def test_a_chosen_file_goes_before_the_installed_one(tmp_path: Path, song: bytes) -> None:
    (tmp_path / "simhei.ttf").write_bytes((BUNDLED / "FandolKai-Regular.ttf").read_bytes())
    chosen = tmp_path / "anything.ttf"
    chosen.write_bytes(song)
    faces = Faces(search=(tmp_path,), chosen={"黑体": chosen})
    assert faces.face("黑体").font.postscript_name == "FandolSong-Regular"


def test_a_collection_is_read(tmp_path: Path, song: bytes) -> None:
    (tmp_path / "simsun.ttc").write_bytes(as_collection(with_check_sum(song, 77)))
    faces = Faces(search=(tmp_path,))
    assert faces.face("宋体").font.fontName == "FandolSong-Regular-0000004D"
    assert not faces.skipped


def test_two_files_of_one_postscript_name_stay_two_fonts(tmp_path: Path, song: bytes, faces: Faces) -> None:
    (tmp_path / "simsun.ttf").write_bytes(with_check_sum(song, 78))
    own = Faces(search=(tmp_path,)).face("宋体").font
    bundled = faces.face("宋体").font
    assert own is not bundled
    assert own.postscript_name == bundled.postscript_name
    assert own.face.filename != bundled.face.filename


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"OTTO" + content[4:],  # CFF outlines
        lambda content: content[:200],
        lambda content: content[:40000],
        lambda content: b"",
        forbidden,
    ],
    ids=["cff", "cut in the directory", "cut in a table", "empty", "embedding forbidden"],
)
def test_a_face_that_cannot_be_embedded_is_skipped_and_named(
    tmp_path: Path, song: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    broken = tmp_path / "simsun.ttf"
    broken.write_bytes(spoil(song))
    faces = Faces(search=(tmp_path,))
    assert faces.face("宋体").font.face.filename == str(BUNDLED / "FandolSong-Regular.ttf")
    assert faces.skipped[broken]


def test_after_a_broken_face_the_next_installed_one_is_taken(tmp_path: Path, song: bytes) -> None:
    (tmp_path / "simsun.ttf").write_bytes(b"OTTO")
    (tmp_path / "宋体.ttf").write_bytes(with_check_sum(song, 79))
    assert Faces(search=(tmp_path,)).face("宋体").font.fontName.endswith("-0000004F")


def test_a_chosen_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.ttf"
    faces = Faces(search=(), chosen={"宋体": gone})
    assert faces.face("宋体").font.postscript_name == "FandolSong-Regular"
    assert gone in faces.skipped


def test_without_the_bundled_fonts_the_error_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="FandolSong-Regular"):
        Faces(search=(), bundled=tmp_path).face("宋体")


def test_earlier_folders_win(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "simsun.ttf").touch()
    found = dict(font_files((tmp_path / "first", tmp_path / "second", tmp_path / "none")))
    assert found == {"simsun": tmp_path / "first" / "simsun.ttf"}


def test_office_names_are_written_as_they_are_compared() -> None:
    assert all(name == name.lower() for names in OFFICE_FILES.values() for name in names)


def test_a_missing_character_is_set_as_a_mark_of_its_own_width(faces: Faces) -> None:
    missing: set[str] = set()
    style = Style(faces, "仿宋", 16.0, missing)
    line = style.set("王𠮷同志", 200.0)[0]
    assert "".join(run.text for run in line.runs) == "王〓同志"
    assert line.width == 64.0
    assert missing == {"𠮷"}


def test_official_faces_that_are_not_installed_are_named_with_their_use_and_what_stands_in(faces: Faces) -> None:
    told = faces.replaced(["仿宋", "小标宋", "备用"])
    assert told == ("方正小标宋简体（标题，改用思源宋体）", "仿宋_GB2312（正文，改用Fandol仿宋）")


def test_an_office_face_that_is_there_is_not_missed(tmp_path: Path) -> None:
    shutil.copy(BUNDLED / "FandolFang-Regular.ttf", tmp_path / "simfang.ttf")
    assert Faces(search=[tmp_path]).replaced(["仿宋"]) == ()
