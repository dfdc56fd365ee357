"""What PDF/A-2b asks for: metadata that agree with the document's information, and an output intent for its grey."""

from __future__ import annotations

import dataclasses
import re
import struct
from xml.etree import ElementTree as ET

from desktop.printing.archive import grey_profile
from desktop.printing.book import render_book
from desktop.printing.faces import Faces
from desktop.printing.sheet import Paper, Sheet
from desktop.printing.summary import render_summary
from tests.printing.documents import MOMENT, book, month
from tests.printing.reading import opened

DC, XMP, PDFA = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://ns.adobe.com/xap/1.0/}",
    "{http://www.aiim.org/pdfa/ns/id/}",
)


def test_metadata_say_level_title_and_date_in_plain_xml(faces: Faces) -> None:
    whole = book()
    pdf = render_book(whole, faces, printed_at=MOMENT).pdf
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", pdf, re.DOTALL)
    assert packet is not None
    tree = ET.fromstring(packet[0].decode())
    found = {element.tag: "".join(element.itertext()).strip() for element in tree.iter()}
    assert (found[f"{PDFA}part"], found[f"{PDFA}conformance"]) == ("2", "B")
    assert found[f"{DC}title"] == whole.title
    assert found[f"{DC}creator"] == whole.office
    assert found[f"{XMP}CreateDate"].startswith(f"{MOMENT:%Y-%m-%dT%H:%M:%S}")
    with opened(render_book(whole, faces, printed_at=MOMENT)) as document:
        assert document.get_metadata_value("Title") == whole.title
        assert document.get_metadata_value("CreationDate").startswith(f"D:{MOMENT:%Y%m%d%H%M%S}")


def test_the_output_intent_holds_a_grey_profile(faces: Faces) -> None:
    pdf = render_book(book(2), faces, printed_at=MOMENT).pdf
    assert b"/GTS_PDFA1" in pdf
    assert b"/DestOutputProfile" in pdf
    assert b"/OutputIntents" in pdf
    profile = grey_profile()
    assert struct.unpack_from(">I", profile)[0] == len(profile)
    assert profile[12:24] == b"mntrGRAYXYZ "
    assert profile[36:40] == b"acsp"
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {profile[132 + 12 * at : 136 + 12 * at] for at in range(count)}
    assert tags == {b"desc", b"cprt", b"wtpt", b"kTRC"}


def test_every_face_is_embedded_in_part(faces: Faces) -> None:
    pdf = render_book(book(2), faces, printed_at=MOMENT).pdf
    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/CIDFontType2") > 0


def test_odd_titles_make_sound_metadata(faces: Faces) -> None:
    pdf = render_book(dataclasses.replace(book(1), title="甲<乙>&“丙”"), faces, printed_at=MOMENT).pdf
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", pdf, re.DOTALL)
    assert packet is not None
    assert "甲<乙>&“丙”" in "".join(ET.fromstring(packet[0].decode()).itertext())


def test_links_are_printed_annotations(faces: Faces) -> None:
    sheet = Sheet(faces, Paper(wide=False, top=20, right=20, bottom=20, left=20), "试页", "", "", "", MOMENT)
    sheet.bookmark("目的地", "there")
    sheet.link("there", 60, 60, 40, 12)
    annotations = re.findall(rb"<<[^<>]*/Subtype /Link[^<>]*>>", sheet.finish().pdf)
    assert len(annotations) == 1
    assert re.search(rb"/F 4\b", annotations[0])


def test_nothing_stands_in_a_file_that_the_standard_forbids(faces: Faces) -> None:
    """ISO 19005-2: no transparency but the plain one (6.2.10), encryption (6.1.3), actions (6.5), LZW (6.1.7.2)."""
    for pdf in (
        render_book(book(2), faces, printed_at=MOMENT).pdf,
        render_summary(month(), faces, printed_at=MOMENT).pdf,
    ):
        assert re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", pdf)  # 6.1.2: a second line of bytes beyond ASCII
        assert re.search(rb"/ID\s*\[\s*<[0-9a-f]{32}>\s*<[0-9a-f]{32}>\s*\]", pdf)  # 6.1.3
        plain = re.sub(rb"stream\r?\n.*?endstream", b"", pdf, flags=re.DOTALL)
        forbidden = (
            rb"/SMask", rb"/ca\b", rb"/CA\b", rb"/BM\b", rb"/Encrypt", rb"/JavaScript", rb"/Launch", rb"/AA\b",
            rb"/OpenAction", rb"/LZWDecode", rb"/EmbeddedFile", rb"/XFA", rb"/DeviceRGB", rb"/DeviceCMYK",
        )  # fmt: skip
        assert [word for word in forbidden if re.search(word, plain)] == []
        faces_used = re.findall(rb"/Subtype /CIDFontType2", plain)
        assert len(faces_used) == len(re.findall(rb"/CIDToGIDMap", plain)) == len(re.findall(rb"/FontFile2", plain)) > 0
