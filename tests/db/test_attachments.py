"""Files of records: copied whole or not at all, named safely, found missing or altered, brought back by an undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.directory.attachments import LONGEST, may_be_opened, safe_name
from db.errors import Refused, StoreTrouble, Trouble
from db.record import Record
from db.rules import secrecy
from db.store import attachments, health
from db.store.files import Copied, copy_in, path_of, save_as
from db.store.places import ATTACHMENTS
from db.store.store import Store
from tests.db.office import again, contents, draft, incoming, no_room, saved

MOST = 1 << 20


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned paper on the clerk's desk."""
    path = tmp_path / "来文扫描件.pdf"
    path.write_bytes(b"%PDF-1.4 " + bytes(range(256)) * 40)
    return path


def attached(store: Store, record: Record, source: Path) -> Copied:
    """The file after it was copied in and named as an attachment."""
    copied = copy_in(store.folder, source, attachments.limit(store))
    attachments.attach(store, record, [copied])
    return copied


def names(store: Store, record: Record) -> list[str]:
    """The names of a record's attachments."""
    return [one.name for one in attachments.of_record(store, record)]


def kept(store: Store) -> list[Path]:
    """Every file in the folder of attachments."""
    return [path for path in (store.folder / ATTACHMENTS).rglob("*") if path.is_file()]


def test_a_file_lies_under_its_hash_and_its_row_says_who_added_it(store: Store, scan: Path) -> None:
    paper = saved(store, incoming())
    copied = attached(store, paper, scan)
    (one,) = attachments.of_record(store, paper)
    assert (one.name, one.size, one.added_by) == ("来文扫描件.pdf", scan.stat().st_size, "李喆")
    path = path_of(store.folder, copied.sha256)
    assert path.relative_to(store.folder).parts == (ATTACHMENTS, copied.sha256[:2], copied.sha256)
    assert path.read_bytes() == scan.read_bytes()
    assert path.stat().st_mode & 0o177 == 0
    assert attachments.require_whole(store.folder, one) == path
    assert list(health.findings(store)) == []


def test_adding_and_removing_stand_in_the_history_and_are_undone(store: Store, scan: Path) -> None:
    paper = saved(store, incoming())
    attached(store, paper, scan)
    (one,) = attachments.of_record(store, paper)
    attachments.detach(store, one.id)
    said = [
        (entry.title, [value and value["words"] for value in entry.after.values()])
        for entry in store.history(type(paper), paper.id)[1:]
    ]
    assert said == [("添加附件", ["来文扫描件.pdf（10 KB）"]), ("移除附件", [None])]
    assert names(store, paper) == []
    assert list(health.findings(store)) == []  # the file stays: the journal can bring it back
    before = contents(store)["attachment"]
    store.undo()
    assert names(store, paper) == ["来文扫描件.pdf"]
    store.undo()
    assert contents(store)["attachment"] == before
    store.redo()
    assert attachments.require_whole(store.folder, attachments.of_record(store, paper)[0])
    attachments.detach(store, one.id)
    with pytest.raises(Refused, match="已经移除了"):
        attachments.detach(store, one.id)


def test_the_same_file_is_noticed(store: Store, scan: Path, tmp_path: Path) -> None:
    paper, other = saved(store, incoming()), saved(store, incoming(from_doc_no="塔政〔2022〕8号"))
    copied = attached(store, paper, scan)
    again_named = tmp_path / "另一个名字.pdf"
    again_named.write_bytes(scan.read_bytes())
    with pytest.raises(Refused, match=r"“另一个名字.pdf”已在附件里（来文扫描件.pdf）"):
        attached(store, paper, again_named)
    assert [record.id for record in attachments.elsewhere(store, other, copied.sha256)] == [paper.id]
    attached(store, other, again_named)
    assert len(kept(store)) == 1
    with pytest.raises(Refused, match="没有再加"):
        attachments.attach(store, saved(store, draft()), [copied, copied])


def test_attachments_stay_with_a_record_that_is_voided_deleted_or_restored(store: Store, scan: Path) -> None:
    paper, loose = saved(store, incoming()), saved(store, draft())
    attached(store, paper, scan)
    attached(store, loose, scan)
    store.void(type(paper), paper.id, "重复")
    store.delete(type(loose), loose.id)
    assert names(store, paper) == names(store, loose) == ["来文扫描件.pdf"]
    store.restore(type(loose), loose.id)
    assert names(store, again(store, loose)) == ["来文扫描件.pdf"]


def test_check_names_what_is_missing_altered_or_unknown(store: Store, scan: Path, tmp_path: Path) -> None:
    paper = saved(store, incoming())
    plan = tmp_path / "方案.docx"
    plan.write_bytes(b"PK plan")
    first, second = attached(store, paper, scan), attached(store, paper, plan)
    path_of(store.folder, first.sha256).unlink()
    path_of(store.folder, second.sha256).write_bytes(b"PK plan!")
    stray = copy_in(store.folder, _file(tmp_path / "没登记的.txt", b"x"), MOST)
    owner = "收文下〔2022〕1号《塔峰镇人民政府关于拨付防汛经费的请示》"
    assert list(health.findings(store)) == [
        f"{owner}的附件“来文扫描件.pdf”的文件不见了；请从备份里找回",
        f"{owner}的附件“方案.docx”的文件被改动过；请从备份里找回",
        f"附件文件夹里的{stray.sha256[:2]}{os.sep}{stray.sha256}没有记录用到，可以删去",
    ]
    missing, altered = attachments.of_record(store, paper)
    with pytest.raises(Refused, match="不见了，没有打开"):
        attachments.require_whole(store.folder, missing)
    with pytest.raises(Refused, match="被改动过，没有打开"):
        attachments.require_whole(store.folder, altered)
    copy_in(store.folder, scan, MOST)  # the same file again heals what was lost
    assert attachments.require_whole(store.folder, missing)


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_is_no_ordinary_file_of_a_fair_size_is_refused(store: Store, scan: Path, tmp_path: Path) -> None:
    folder, link, pipe = tmp_path / "文件夹", tmp_path / "快捷方式", tmp_path / "管道"
    folder.mkdir()
    link.symlink_to(scan)
    os.mkfifo(pipe)
    huge = tmp_path / "录像.mp4"
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    for source, words in (
        (_file(tmp_path / "空.txt", b""), "空文件（0字节），没有添加"),
        (folder, "是文件夹，没有添加"),
        (link, "是快捷方式（链接），没有添加"),
        (pipe, "不是普通文件"),
        (huge, r"“录像.mp4”有2048.0 MB，超过附件上限200.0 MB，没有添加；上限可以在设置里改"),
    ):
        with pytest.raises(Refused, match=words):
            copy_in(store.folder, source, attachments.limit(store))
    with pytest.raises(StoreTrouble, match=r"没能添加“没有\.txt”"):
        copy_in(store.folder, tmp_path / "没有.txt", MOST)
    assert kept(store) == []


def test_the_limit_is_a_setting_of_the_office(store: Store) -> None:
    assert attachments.limit(store) == 200 << 20
    store.set_office({"attachment_mb": "3"}, ())
    assert attachments.limit(store) == 3 << 20
    store.set_office({"attachment_mb": "很大"}, ())
    assert attachments.limit(store) == 200 << 20


def test_a_copy_that_is_stopped_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    big = _file(tmp_path / "大.pdf", bytes(5 << 20))
    told: list[tuple[int, int]] = []

    def stop_halfway(done: int, total: int) -> bool:
        told.append((done, total))
        return done < total // 2

    with pytest.raises(Refused, match=r"已停止添加“大\.pdf”，没有留下文件"):
        copy_in(store.folder, big, 10 << 20, stop_halfway)
    assert told == [(n << 20, 5 << 20) for n in (1, 2, 3)]
    assert kept(store) == []


def test_a_disk_that_fills_during_the_copy_keeps_nothing_of_it(store: Store, tmp_path: Path) -> None:
    big = _file(tmp_path / "大.pdf", bytes(3 << 20))
    with no_room(1_500_000), pytest.raises(StoreTrouble, match="磁盘已满") as trouble:
        copy_in(store.folder, big, 10 << 20)
    assert trouble.value.trouble is Trouble.FULL
    assert kept(store) == []
    assert copy_in(store.folder, big, 10 << 20).size == 3 << 20


def test_what_a_crash_left_of_a_copy_goes_with_the_next(store: Store, scan: Path) -> None:
    place = store.folder / ATTACHMENTS
    place.mkdir()
    _file(place / "77-00.part", b"half")
    assert list(health.findings(store)) == ["附件文件夹里的77-00.part没有记录用到，可以删去"]
    attached(store, saved(store, incoming()), scan)
    assert list(health.findings(store)) == []


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("通知.pdf", "通知.pdf"),
        (r"..\..\x", "x"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Windows\system32\cmd.exe", "cmd.exe"),
        ("a\nb\x00c\x1b[31m.txt", "abc[31m.txt"),
        ("收据\u202efdp.exe", "收据fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("con .tar.gz", "_con .tar.gz"),
        ('a<b>c:d"e|f?g*.doc', "a_b_c_d_e_f_g_.doc"),
        ("  两边有空  .docx. .", "两边有空 .docx"),
        ("...", "附件"),
        ("", "附件"),
        ("\udce4坏.txt", "?坏.txt".replace("?", "_")),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize("letter", ["长", "a", "𫖯"])
def test_a_name_of_three_hundred_characters_keeps_its_ending(letter: str) -> None:
    name = safe_name(letter * 300 + ".pdf")
    assert name.endswith(f"{letter}.pdf")
    assert LONGEST - 4 < len(name.encode()) <= LONGEST


def test_only_documents_pictures_and_recordings_are_opened() -> None:
    assert all(may_be_opened(name) for name in ("a.pdf", "函.OFD", "b.docx", "c.et", "录音.mp3"))
    assert not any(
        may_be_opened(name)
        for name in ("a.exe", "a.pdf.exe", "b.sh", "c.desktop", "d.docm", "e.html", "f.svg", "g.lnk", "无后缀", "pdf")
    )


def test_an_attachment_is_saved_elsewhere_whole_or_not_at_all(store: Store, scan: Path, tmp_path: Path) -> None:
    copied = attached(store, saved(store, incoming()), scan)
    target = _file(tmp_path / "另存.pdf", b"old")
    with no_room(1_000), pytest.raises(StoreTrouble, match="没能另存附件"):
        save_as(path_of(store.folder, copied.sha256), target)
    assert target.read_bytes() == b"old"
    save_as(path_of(store.folder, copied.sha256), target)
    assert target.read_bytes() == scan.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_placeholder_of_a_classified_paper_gets_no_attachment(store: Store, scan: Path) -> None:
    kept_number = saved(store, incoming(security=secrecy.RESERVED))
    with pytest.raises(Refused, match="占的号，不能加附件"):
        attached(store, kept_number, scan)
