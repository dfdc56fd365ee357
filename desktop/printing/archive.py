"""What PDF/A-2b (ISO 19005-2, level B) asks of a file beside embedded faces: XMP metadata and an output intent.

ReportLab writes neither; both are added to the catalogue by hand. Not proven by a validator on this machine: veraPDF
is a Java program that the project does not ship. What can be checked without it (embedding, ids, no transparency,
actions or encryption) holds: tests/printing/test_archive.py.
"""

from __future__ import annotations

import struct
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{producer}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate><pdf:Producer>{producer}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_D50 = (0x0000F6D6, 0x00010000, 0x0000D32D)  # the profile's white in XYZ, s15Fixed16 (ICC.1:2010, 7.2.16)
_NAME = "Grey gamma 2.2"


def mark(document: Any, title: str, author: str, subject: str, producer: str, date: str) -> None:
    """Add XMP and a grey output intent to a ReportLab document; all its colours are DeviceGray.

    `date` is the moment as PDF writes it (D:20221231…), the same as in the document's information.
    """
    texts = {"title": title, "author": author, "subject": subject, "producer": producer, "date": _iso(date)}
    xmp = _XMP.format(**{name: escape(text) for name, text in texts.items()})
    metadata = pdfdoc.PDFStream(content=xmp.encode())
    metadata.dictionary["Type"], metadata.dictionary["Subtype"] = pdfdoc.PDFName("Metadata"), pdfdoc.PDFName("XML")
    metadata.filters = []  # readable by programs that know no PDF (ISO 19005-2, 6.6.2.1)
    profile = pdfdoc.PDFStream(content=grey_profile())
    profile.dictionary["N"] = 1
    intent = pdfdoc.PDFDictionary({
        "Type": pdfdoc.PDFName("OutputIntent"), "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString(_NAME), "Info": pdfdoc.PDFString(_NAME),
        "DestOutputProfile": document.Reference(profile, "greyProfile"),
    })  # fmt: skip
    catalogue = document.Catalog
    catalogue.__NoDefault__ = [*catalogue.__NoDefault__, "Metadata", "OutputIntents"]
    catalogue.Metadata = document.Reference(metadata, "xmpMetadata")
    catalogue.OutputIntents = pdfdoc.PDFArray([document.Reference(intent, "greyIntent")])


def _iso(date: str) -> str:
    """D:20221231095000+08'00' as XMP writes it: 2022-12-31T09:50:00+08:00."""
    digits, offset = date[2:16], date[16:].rstrip("'").replace("'", ":")
    moment = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
    return moment + (offset or "Z")


def grey_profile() -> bytes:
    """An ICC profile of version 2 for grey with gamma 2.2: white, tone curve, description, copyright."""
    text = _NAME.encode()
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78),
        b"cprt": b"text\0\0\0\0Public domain\0",
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3I", *_D50),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)),
    }
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">2I", at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    whole = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4sI4s4s4s", 128 + len(whole), b"\0\0\0\0", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    head += struct.pack(">6H", 2022, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3I", *_D50)
    return head.ljust(128, b"\0") + whole
