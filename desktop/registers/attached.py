"""The files of the record beside the list: dropped or picked, listed, previewed, opened, saved elsewhere, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from db.directory.attachments import Attachment, may_be_opened, safe_name, size_words
from db.errors import Refused
from db.record import Record
from db.store import attachment_texts
from db.store.attachments import require_whole
from db.store.files import Copied, copy_in, save_as
from db.store.hits import Hits
from desktop import theme
from desktop.file_asking import ask_open_several, ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.dropping import local_files
from desktop.registers.marking import FoundText
from desktop.registers.rows import Heading, ListedRows, Row
from desktop.registers.table import RecordTable
from desktop.registers.viewer import Opener, Viewer, is_previewed, read_pages

_HEADINGS = (
    Heading("name", "文件名", sortable=False),
    Heading("size", "大小", 5.4, "right", sortable=False),
    Heading("added_at", "添加", 10.4, sortable=False),
)
_EMPTY = (
    "还没有附件。把文件拖到这里，或复制文件后在这里按 Ctrl+V，或点“添加附件”。文件会复制进数据文件夹，原来的文件不动。"
)


def _row(_place: int, one: Attachment) -> Row:
    """An attachment as a row: (id, None, name, size, when and by whom)."""
    return (one.id, None, one.name, size_words(one.size), f"{one.added_at[:10]} {one.added_by}")


class _FoundInFiles(FoundText):
    """Where searched words stand in the texts of a record's files."""

    def __init__(self, record: Record, actions: Actions, hits: Hits, files: Sequence[Attachment]) -> None:
        super().__init__(type(record), actions, hits)
        texts = attachment_texts.of_record(actions.store.connection, record)
        self._texts = {one.id: text for one, (_name, text) in zip(files, texts, strict=True)}
        holding = (one.id for one in files if hits.spans(one.name) or hits.spans(self._texts[one.id], is_folded=True))
        self.first = next(holding, None)

    def _tell(self, number: int, shown: list[str]) -> str:
        return self.hits.piece(self._texts.get(number, ""))


class AttachmentsView(QWidget):
    """The attachments of one record. `said(words)` after each change; refusals and trouble go to `trouble`."""

    said = Signal(str)
    trouble = Signal(object)

    def __init__(self, actions: Actions, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._jobs, self._opener = actions, jobs, Opener()
        self._record: Record | None = None
        self._attachments: dict[int, Attachment] = {}
        self._shown = ""
        self._job: Job | None = None
        self.table = RecordTable(_HEADINGS)
        self.table.setAccessibleName("附件")
        self.table.current_changed.connect(self._preview)
        self.table.activated.connect(self._open_row)
        self.table.delete_asked.connect(self._remove_rows)
        self.table.paste_asked.connect(self._paste)
        self.viewer = Viewer()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self.table)
        split.addWidget(self.viewer)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.row() * 5, theme.row() * 12])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._new_bar())
        column.addWidget(split, 1)

    def _new_bar(self) -> QHBoxLayout:
        self.add_button = self._new_button("添加附件...", "也可以把文件直接拖进来，或复制文件后按 Ctrl+V", self._pick)
        theme.set_icon(self.add_button, "attach")
        self.open_button = self._new_button("打开", "用系统里的程序打开一份只读副本  Enter", self.open)
        self.save_button = self._new_button("另存为...", "把附件复制到别处", self._ask_where)
        self.remove_button = self._new_button("移除", "从这一条移除，可以撤销  Delete", self.remove)
        self._stop = self._new_button("停止", "停止复制，不留下文件", self._cancel)
        self._progress = QLabel()
        theme.set_role(self._progress, "small")
        self._stop.hide()
        line = QHBoxLayout()
        line.setContentsMargins(16, 8, 16, 8)
        line.setSpacing(8)
        for widget in (self.add_button, self._progress, self._stop):
            line.addWidget(widget)
        line.addStretch(1)
        for widget in (self.open_button, self.save_button, self.remove_button):
            theme.set_role(widget, "quiet")
            line.addWidget(widget)
        return line

    def _new_button(self, label: str, words: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        button.setToolTip(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(do)
        return button

    def show_record(self, record: Record, hits: Hits | None = None) -> None:
        """List the attachments of a record and preview the current one: the first in which searched words stand."""
        self._record = record
        files = self._actions.attachments(record)
        self._attachments = {one.id: one for one in files}
        self.table.set_rows(ListedRows(files, _row))
        found = _FoundInFiles(record, self._actions, hits, files) if hits and files else None
        self.table.records().found = found
        if found and found.first is not None:
            self.table.select_id(found.first)
        self._permit_adding()
        may = not record.is_placeholder and bool(self._attachments)
        self._actions.permit(self.remove_button, "save", may)
        for button in (self.open_button, self.save_button):
            button.setEnabled(bool(self._attachments))
        self._preview(self.table.current_id())

    def current(self) -> Attachment | None:
        """The attachment that is chosen in the list."""
        return self._attachments.get(self.table.current_id() or 0)

    def _preview(self, _row: object) -> None:
        attachment = self.current()
        digest = attachment.sha256 if attachment else ""
        if digest == self._shown and digest:
            return
        self._shown = digest
        if attachment is None:
            placeholder = self._record is not None and self._record.is_placeholder
            self.viewer.say("涉密文件占的号，不能加附件。" if placeholder else _EMPTY)
        elif is_previewed(attachment):
            self.viewer.say("正在读取...")
            work = partial(_on_worker, read_pages, self._actions.store.folder, attachment)
            self._jobs.run("读取附件", work, partial(self._take_pages, attachment), partial(self._fail, attachment))
        elif may_be_opened(attachment.name):
            self.viewer.say("这类文件在这里不预览。按 Enter 或点“打开”，用系统里的程序看。")
        else:
            self.viewer.say("这类文件只保存，程序不打开；需要时请另存。")

    def _take_pages(self, attachment: Attachment, pages: object) -> None:
        if self._shown != attachment.sha256:
            return
        if isinstance(pages, str):
            self.viewer.say(pages)
        elif pages is not None:
            self.viewer.show_pages(pages, attachment.name)  # pyright: ignore[reportArgumentType]

    def _fail(self, attachment: Attachment, error: BaseException) -> None:
        if isinstance(error, Refused) and self._shown == attachment.sha256:
            self.viewer.say(str(error))
        else:
            self.trouble.emit(error)

    def _pick(self) -> None:
        if paths := ask_open_several(self, "attach", "添加附件"):
            self.add(paths)

    def _paste(self) -> None:
        """Add the files that were copied in the file manager."""
        if paths := local_files(QGuiApplication.clipboard().mimeData()):
            self.add(paths)
        else:
            self._progress.setText("剪贴板里没有文件")

    def add(self, paths: Sequence[Path]) -> None:
        """Copy files in on the worker, then name them as attachments of the record on show."""
        record = self._record
        if record is None or self._job is not None or not self._actions.allows("save") or record.is_placeholder:
            return
        folder, most = self._actions.store.folder, self._actions.attachment_limit()

        def work(job: Job) -> tuple[list[Copied], list[str]]:
            copied: list[Copied] = []
            refused: list[str] = []
            for path in paths:
                try:
                    copied.append(copy_in(folder, path, most, job.progress))
                except Refused as error:
                    refused.append(str(error))
            return copied, refused

        self._job = self._jobs.run("复制附件", work, partial(self._take_copied, record), self.trouble.emit)
        self._job.progressed.connect(self._show_progress)
        self._job.ended.connect(self._end_job)
        self.add_button.setEnabled(False)

    def _show_progress(self, done: int, total: int) -> None:
        if done < total:
            self._stop.show()
            self._progress.setText(f"已复制 {size_words(done)} / {size_words(total)}")

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end_job(self) -> None:
        self._job = None
        self._stop.hide()
        self._progress.clear()
        self._permit_adding()

    def _permit_adding(self) -> None:
        self._actions.permit(self.add_button, "save", self._record is not None and not self._record.is_placeholder)

    def _take_copied(self, record: Record, outcome: tuple[list[Copied], list[str]]) -> None:
        """Attach what is new, in one change; say what was refused and why."""
        files, refused = outcome
        known = {one.sha256: one.name for one in self._actions.attachments(record)}
        new = {file.sha256: file for file in files if file.sha256 not in known}
        refused += [
            f"“{file.name}”已在附件里（{known[file.sha256]}），没有再加" for file in files if file.sha256 in known
        ]
        try:
            said = self._actions.attach(record, list(new.values())) if new else ""
        except Exception as error:  # noqa: BLE001  refusals and named trouble are shown, the rest goes to the crash net
            self.trouble.emit(error)
            return
        if new:
            self.table.select_id(max(self._attachments, default=0))
        if refused:
            self.trouble.emit(Refused("；".join(filter(None, (said, *refused)))))
        else:
            self.said.emit(said)

    def _open_row(self, _row: object) -> None:
        self.open()

    def open(self) -> None:
        """Open a read-only copy of the chosen file by the system's program."""
        attachment = self.current()
        if attachment is not None:
            work = partial(_on_worker, self._opener.copy, self._actions.store.folder, attachment)
            self._jobs.run("打开附件", work, self._hand_over, self.trouble.emit)

    def _hand_over(self, copy: object) -> None:
        try:
            self._opener.open(copy)
        except Refused as refused:
            self.trouble.emit(refused)

    def _ask_where(self) -> None:
        attachment = self.current()
        if attachment is None:
            return
        path, _kind = ask_save(self, "attach", "附件另存为", safe_name(attachment.name))
        if path:
            folder = self._actions.store.folder
            work = partial(_on_worker, _save, folder, attachment, path)
            self._jobs.run("另存附件", work, partial(self._tell_saved, str(path)), self.trouble.emit)

    def _tell_saved(self, path: str, _nothing: object) -> None:
        self._progress.setText(f"已另存到 {Path(path).name}")

    def remove(self) -> None:
        """Take the chosen file off the record; Ctrl+Z brings it back."""
        attachment = self.current()
        if attachment is None or not self._actions.allows("save"):
            return
        try:
            self._actions.detach(attachment.id)
        except Exception as error:  # noqa: BLE001  refusals and named trouble are shown, the rest goes to the crash net
            self.trouble.emit(error)
        else:
            self.said.emit(f"已移除附件“{attachment.name[:20]}”")

    def _remove_rows(self, _rows: object) -> None:
        self.remove()


def _on_worker(do: Callable[..., object], *values: object) -> object:
    """A job's work from a function that knows nothing of jobs; the job comes last."""
    return do(*values[:-1])


def _save(folder: Path, attachment: Attachment, target: Path) -> None:
    save_as(require_whole(folder, attachment), target)
