"""The annual report as a Word document (.docx) that people go on editing: layout of GB/T 9704—2012, live page numbers.

The parts are written by hand: a report needs paragraphs, runs and two footers, and the order of the elements, to which
Word holds, stays under our eyes. The grid is of type `lines` with a pitch of 579 twentieths and the characters are
16 − 0.25 points: a grid of lines and characters with a negative space is misread by LibreOffice.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from db.summaries.annual.report import Paragraph, Report, Run

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HALF = 2  # half points of a point
MM = 1440 / 25.4  # twentieths of a point
S2, S3, S4 = 22, 16, 14
CELL = 316  # twentieths of a point: one of 28 characters
FIXED = (1980, 1, 1, 0, 0, 0)  # the same report gives the same bytes
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEADS = {1: "黑体", 2: "楷体"}


def render_word(report: Report, written_at: datetime) -> bytes:
    """The clean copy of a report as the bytes of a .docx; `written_at` becomes its date."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml"), ("core", "docProps/core.xml")),
        "docProps/core.xml": _core(report, written_at),
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"), ("settings", "settings.xml"), ("footer", "footer1.xml"), ("footer", "footer2.xml")
        ),
        "word/document.xml": _document(report),
        "word/styles.xml": _styles(),
        "word/settings.xml": f'{HEAD}<w:settings {W}><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/></w:settings>',
        "word/footer1.xml": _footer("right"),
        "word/footer2.xml": _footer("left"),
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text)
    return file.getvalue()


def _document(report: Report) -> str:
    paragraphs = [*(_title(text) for text in report.title), _paragraph("", "")]
    paragraphs += map(_body, report.paragraphs)
    paragraphs += [_paragraph("", ""), _paragraph("", "")]
    date_right = max(2 * CELL + (len(report.signed) - 2) * CELL - _width(report.dated), 0)
    for text, right in ((report.signed, 2 * CELL), (report.dated, date_right)):
        paragraphs.append(_paragraph(f'<w:ind w:right="{right}"/><w:jc w:val="right"/>', _run(text, "仿宋")))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{_mm(37)}" w:right="{_mm(26)}" w:bottom="{_mm(35)}" '
        f'w:left="{_mm(28)}" w:header="851" w:footer="{_mm(25)}" w:gutter="0"/>'
        '<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
    )
    return f"{HEAD}<w:document {W} {R}><w:body>{''.join(paragraphs)}{section}</w:body></w:document>"


def _width(text: str) -> int:
    """The width of a date on the grid: a digit takes half a cell."""
    return sum(CELL // 2 if char.isascii() else CELL for char in text)


def _title(text: str) -> str:
    # off the grid, else a title line takes two rows
    return _paragraph('<w:snapToGrid w:val="0"/><w:jc w:val="center"/>', _run(text, "方正小标宋简体", S2, spaced=False))


def _body(paragraph: Paragraph) -> str:
    head = "".join(_runs(paragraph.head, _HEADS.get(paragraph.level, "仿宋")))
    ind = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CELL}"/><w:jc w:val="both"/>'
    keep = "<w:keepNext/>" if paragraph.level == 1 else ""
    outline = f'<w:outlineLvl w:val="{paragraph.level - 1}"/>' if paragraph.level else ""
    return _paragraph(f"{keep}{ind}{outline}", head + "".join(_runs(paragraph.runs, "仿宋")))


def _paragraph(properties: str, runs: str) -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def _runs(runs: tuple[Run, ...], face: str) -> Iterator[str]:
    text = "".join(run.text for run in runs)
    if text:
        yield _run(text, face)


def _run(text: str, face: str, size: int = S3, *, spaced: bool = True) -> str:
    plain = escape(_UNPRINTABLE.sub("", text).replace("\n", ""))
    spacing = '<w:spacing w:val="-5"/>' if spaced else ""
    return (
        f'<w:r><w:rPr>{_fonts(face)}{spacing}<w:sz w:val="{size * HALF}"/><w:szCs w:val="{size * HALF}"/></w:rPr>'
        f'<w:t xml:space="preserve">{plain}</w:t></w:r>'
    )


def _fonts(face: str) -> str:
    return f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}" w:hint="eastAsia"/>'


def _footer(side: str) -> str:
    """— n — in 四号宋体, one character in from the outer edge; the number is a field."""
    fonts = f'<w:rPr>{_fonts("宋体")}<w:sz w:val="{S4 * HALF}"/><w:szCs w:val="{S4 * HALF}"/></w:rPr>'
    pieces = (
        '<w:t xml:space="preserve">— </w:t>', '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>', '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>', '<w:t xml:space="preserve"> —</w:t>',
    )  # fmt: skip
    runs = "".join(f"<w:r>{fonts}{piece}</w:r>" for piece in pieces)
    properties = f'<w:pPr><w:ind w:left="{S4 * 20}" w:right="{S4 * 20}"/><w:jc w:val="{side}"/></w:pPr>'
    return f"{HEAD}<w:ftr {W}><w:p>{properties}{runs}</w:p></w:ftr>"


def _styles() -> str:
    return (
        f'{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts("仿宋")}<w:sz w:val="{S3 * HALF}"/>'
        f'<w:szCs w:val="{S3 * HALF}"/><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr>'
        '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        '<w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/></w:pPr></w:style></w:styles>'
    )


def _core(report: Report, written_at: datetime) -> str:
    moment = written_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    dated = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(''.join(report.title))}</dc:title><dc:creator>{escape(report.office)}</dc:creator>"
        f"{dated}</cp:coreProperties>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    rows = "".join(
        f'<Relationship Id="rId{at}" Type="{core if kind == "core" else f"{OFFICE}/{kind}"}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def _content_types() -> str:
    parts = {
        "/word/document.xml": f"{WORDML}.document.main+xml", "/word/styles.xml": f"{WORDML}.styles+xml",
        "/word/settings.xml": f"{WORDML}.settings+xml", "/word/footer1.xml": f"{WORDML}.footer+xml",
        "/word/footer2.xml": f"{WORDML}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }  # fmt: skip
    rows = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _mm(length: float) -> int:
    return round(length * MM)
