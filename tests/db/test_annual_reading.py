"""Reports as files: text in the encodings of offices, .docx without its risks, and a clear word for all others."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from db.errors import Refused
from db.summaries.annual import reading
from db.summaries.annual.reading import report_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def docx(path: Path, body: str, head: str = HEAD, name: str = "word/document.xml") -> Path:
    """A Word document with this body."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return path


def paragraph(*runs: str) -> str:
    """A paragraph of runs."""
    return f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes("印发文件283件，李䶮𬀩。\r\n完".encode(encoding))
    assert report_text(path).replace("\r", "") == "印发文件283件，李䶮𬀩。\n完"


def test_the_words_of_a_docx_are_read_by_paragraph_with_its_tables_and_without_what_was_struck_out(
    tmp_path: Path,
) -> None:
    struck = "<w:p><w:r><w:t>共印发</w:t></w:r><w:del><w:r><w:t>旧</w:t></w:r></w:del><w:r><w:t>283件</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tr><w:tc>{paragraph('印发文件')}</w:tc><w:tc>{paragraph('283')}</w:tc></w:tr></w:tbl>"
    path = docx(tmp_path / "报告.docx", paragraph("全年", "总结") + struck + table)
    assert report_text(path).split("\n") == ["全年总结", "共印发283件", "印发文件\t283"]


def test_a_docx_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = f'{HEAD}<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(Refused, match="自定义实体"):
        report_text(docx(tmp_path / "报告.docx", paragraph("&b;"), bomb))


def test_a_docx_that_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_XML", 1000)
    with pytest.raises(Refused, match="太大"):
        report_text(docx(tmp_path / "报告.docx", paragraph("长" * 1000)))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式的 Word 文件（.doc）"),
        ("密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "设了密码"),
        ("坏.docx", b"PK\x03\x04 broken", "已损坏"),
        ("坏.docx", b"no zip at all", "已损坏"),
        ("扫描.pdf", b"%PDF-1.7", "不是文本也不是"),
        ("图.txt", b"\x89PNG\r\n\x1a\n\0\0\0\xff\xff", "不是文本文件"),
        ("空.txt", b" \n ", "没有文字"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_way_on(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=told) as refused:
        report_text(tmp_path / name)
    assert name in str(refused.value)
    assert "请" in str(refused.value)


def test_a_damaged_docx_is_told_wherever_the_damage_is(tmp_path: Path) -> None:
    whole = docx(tmp_path / "报告.docx", paragraph("印发文件283件" * 200)).read_bytes()
    for at in range(30, len(whole), 7):
        path = tmp_path / "坏.docx"
        path.write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        with suppress(Refused):  # a byte that does not matter may be damaged; anything but Refused is a defect
            report_text(path)


@pytest.mark.parametrize("body", ["<w:p>", "\x01"])
def test_a_docx_with_broken_xml_is_damaged(tmp_path: Path, body: str) -> None:
    with pytest.raises(Refused, match="已损坏"):
        report_text(docx(tmp_path / "报告.docx", body))


def test_a_zip_that_is_no_document_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="不是 Word 文档"):
        report_text(docx(tmp_path / "表.docx", "", name="xl/workbook.xml"))


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="打不开"):
        report_text(tmp_path / "没有.docx")
