"""导入导出 over a list: what is shown or everything goes into a file, or a template to fill in; import begins here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QPushButton

from db.record import database
from db.store.search import Filter
from desktop.file_asking import ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.jobstrip import JobStrip
from desktop.registers.table import LIGHT, MOST_COPIED

if TYPE_CHECKING:
    from db.exchange.exporting import Exported, Selection
    from desktop.registers.page import RegisterPage

WORKBOOKS = "Excel 表格 (*.xlsx)"
FORMATS = {
    WORKBOOKS: (".xlsx", "utf-8-sig"),
    "CSV 文字表格，UTF-8 (*.csv)": (".csv", "utf-8-sig"),
    "CSV 文字表格，GB18030（旧版软件） (*.csv)": (".csv", "gb18030"),
}
_Offer = tuple[str, int, Filter | None, tuple[str, ...]]  # words, how many records, which, their columns
_STOPPED = "已停止导出，没有留下文件"
_OPEN_FOLDER = "打开所在文件夹"


class ListFiles(QObject):
    """The menu of a list's button 导入导出, and the jobs that it starts."""

    import_asked = Signal()

    def __init__(self, page: RegisterPage, actions: Actions, jobs: Jobs) -> None:
        super().__init__(page)
        self._page, self._register, self._actions, self._jobs = page, page.register, actions, jobs
        self.toast, self.strip = page.toast, JobStrip()
        self._made: Path | None = None
        self.toast.way_asked.connect(self._open_folder)
        self.menu = QMenu(page.files_button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        page.files_button.setMenu(self.menu)

    def _fill(self) -> None:
        """What can be done now, with the numbers of records."""
        wanted, count = self._page.current_filter(), self._page.listed_records()
        self.menu.clear()
        load = self.menu.addAction("从表格导入...", self.import_asked.emit)
        self._actions.permit(load, "import")
        self.menu.addAction("存一份导入模板...", self.save_template)
        self.menu.addSeparator()
        whole, columns = self._actions.count(self._register, None), self._columns()
        listed = [(f"导出列出的 {count:,} 条，列表的栏目...", count, wanted, columns),
                  (f"导出列出的 {count:,} 条，全部栏目...", count, wanted, ()),
                  (f"导出全部 {whole:,} 条，全部栏目...", whole, None, ())]  # fmt: skip
        self._offer(self.menu, [*self._of_picked(), *listed])

    def offer_picked(self, button: QPushButton) -> None:
        """Offer under a button what can be done with the selected records; very many are exported as what is listed."""
        picked = self._of_picked()
        if not picked:
            self.menu.popup(self._page.files_button.mapToGlobal(self._page.files_button.rect().bottomLeft()))
            return
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer(menu, picked)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _of_picked(self) -> list[_Offer]:
        table, wanted = self._page.table, self._page.current_filter()
        picked = table.picked_ids() if table.picked_count() <= MOST_COPIED else ()
        if len(picked) < 2:
            return []
        chosen = Filter(ids=picked, order=wanted.order, descending=wanted.descending)
        return [(f"导出选中的 {len(picked):,} 条，列表的栏目...", len(picked), chosen, self._columns()),
                (f"导出选中的 {len(picked):,} 条，全部栏目...", len(picked), chosen, ())]  # fmt: skip

    def _offer(self, menu: QMenu, offered: Sequence[_Offer]) -> None:
        for words, number, kept, names in offered:
            action = menu.addAction(words, partial(self.export, kept, names))
            action.setEnabled(bool(number) and self.strip.job is None)

    def _columns(self) -> tuple[str, ...]:
        """The columns that the list shows, as the clerk chose them; in place of the light its day and the stage."""
        names = self._page.columns.names()
        state = ("due_on", "stage") if LIGHT in names else ()
        return tuple(dict.fromkeys((*(name for name in names if name != LIGHT), *state)))

    def _default(self, what: str) -> str:
        return f"{self._register.TITLE}{what}.xlsx"

    def export(self, wanted: Filter | None, columns: tuple[str, ...]) -> None:
        """Ask for the file and write it on the worker."""
        from db.exchange.exporting import Selection

        day = self._actions.today
        path, chosen = ask_save(
            self._page, "export", "导出", self._default(f" {day.isoformat()}"), ";;".join(FORMATS)
        )  # fmt: skip
        if path:
            suffix, encoding = FORMATS.get(chosen, FORMATS[WORKBOOKS])
            target = path if path.suffix.lower() in (".xlsx", ".csv", ".zip") else path.with_name(path.name + suffix)
            self._run(Selection(self._register, wanted, columns, self._actions.near), target, encoding)

    def _run(self, selection: Selection, target: Path, encoding: str) -> None:
        store = self._actions.store

        def work(job: Job) -> Exported:
            from db.exchange.exporting import export

            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            return export(store, [selection], target, encoding, job.progress)

        job = self._jobs.run(f"导出{self._register.TITLE}", work, self._tell, self._page.trouble.emit)
        self.strip.follow(job, f"正在导出到“{target.name}”", "行", "停止导出，不留下文件")
        job.ended.connect(partial(self._tell_stopped, job))

    def _tell(self, made: object) -> None:
        from db.exchange.exporting import Exported

        assert isinstance(made, Exported)
        self._made = made.files[0]
        more = f"等 {len(made.files)} 个文件" if len(made.files) > 1 else ""
        notes = f"；{made.notes[0]}" if made.notes else ""
        self.toast.say(f"已导出 {made.records:,} 条到“{self._made.name}”{more}{notes}", undo=False, way=_OPEN_FOLDER)

    def _tell_stopped(self, job: Job) -> None:
        if job.is_cancelled:
            self.toast.say(_STOPPED, undo=False)

    def save_template(self) -> None:
        """Ask for the file and write the template on the worker."""
        path, _chosen = ask_save(self._page, "import", "存一份导入模板", self._default("导入模板"), WORKBOOKS)
        if path is None:
            return
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        store, register = self._actions.store, self._register

        def work(_job: Job) -> Path:
            from db.exchange.template import export_template

            database.connect(reuse_if_open=True)
            export_template(store, register, target)
            return target

        self._jobs.run("生成模板", work, self._tell_template, self._page.trouble.emit)

    def _tell_template(self, path: object) -> None:
        assert isinstance(path, Path)
        self._made = path
        self.toast.say(f"模板已存为“{path.name}”，填好后用“从表格导入”", undo=False, way=_OPEN_FOLDER)

    def _open_folder(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.parent)))
