"""The office's saved views under the register on show: opened, counted, named, put in order, deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu

from db.directory.views import SavedView
from db.errors import Refused
from db.record import database
from db.store import views
from db.store.change import Change
from db.store.search import Filter
from db.store.views import View
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.window.entry import Item

if TYPE_CHECKING:
    from desktop.registers.page import RegisterPage
    from desktop.window.main import MainWindow

_MARK = "/"  # between the key of a register and the id of a view
_PAUSE_MS = 250  # before counting: what the clerk does comes first


class Views(QObject):
    """Views of one window. Their counts are made on the worker, and give way to whatever else it is asked for."""

    def __init__(self, window: MainWindow, actions: Actions, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._actions, self._jobs = window, actions, jobs
        self._register = ""
        self._views: dict[int, View] = {}
        self._opened: int | None = None
        self._job: Job | None = None
        self._menu: QMenu | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._count)
        actions.changed.connect(self._take_change)
        jobs.running.connect(self._give_way)

    def follow(self, key: str) -> None:
        """The page `key` is on show: its views stand under it, those of other registers go."""
        registers = self._actions.store.catalogue.keys()
        key = key if key in registers else ""
        if key != self._register:
            self._register, self._opened = key, None
            if key:
                self._show()
        self._timer.start()

    def open(self, key: str) -> None:
        """Show a page, or a view, by the key of its item in the side bar."""
        register, is_view, number = key.partition(_MARK)
        before = self._window.current_register()
        self._window.open_page(register)
        page = self._window.current_register()
        if page is None:
            return
        if page is before:  # asked for once more, its list is meant
            self.uncover(page)
        was_view, self._opened = self._was_view(page), int(number) if is_view else None
        view = self._views.get(self._opened or 0)
        page.columns.start_view(number if view else "", view.columns if view else ())
        if view is not None:
            page.set_filter(view.wanted)
        elif was_view:
            page.show_all()
        self.mark()

    def mark(self) -> None:
        """Mark in the side bar the view that was opened while the list shows its records, else the register."""
        page = self._window.current_register()
        if page is None or page.register.key() != self._register:
            return
        view = self._views.get(self._opened or 0)
        is_shown = view is not None and _records(view.wanted) == _records(page.current_filter())
        self._window.side.set_current(self._key(view.id) if view and is_shown else self._register)

    def _was_view(self, page: RegisterPage) -> bool:
        shown = _records(page.current_filter())
        return any(shown == _records(view.wanted) for view in self._views.values())

    def _key(self, view: int) -> str:
        return f"{self._register}{_MARK}{view}"

    def uncover(self, page: RegisterPage) -> None:
        """Go back to the list: what is half typed stays a draft, an import is gone on with when asked for again."""
        if page.entry:
            page.entry.leave()
        elif page.imports.is_shown:
            page.imports.left.emit()

    def _show(self) -> None:
        """Read the views of the register on show and put them into the side bar."""
        catalogue, today = self._actions.store.catalogue, self._actions.today
        before = {number: self._held(number) for number in self._views}
        self._views = {view.id: view for view in views.views_of(catalogue[self._register], today)}
        items = [
            Item(self._key(view.id), "view", view.name, before.get(view.id), is_inner=True)
            for view in self._views.values()
        ]
        side = self._window.side
        side.set_inner(self._register, items)
        for view in self._views:
            entry = side.entry(self._key(view))
            entry.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            if not entry.property("isView"):
                entry.setProperty("isView", True)
                entry.customContextMenuRequested.connect(self._open_menu)

    def _held(self, view: int) -> int | None:
        """The count that stands beside a view."""
        try:
            return self._window.side.entry(self._key(view)).item.count
        except KeyError:
            return None

    def _take_change(self, change: Change) -> None:
        if not self._register:
            return
        if any(table == SavedView.key() for table, _row in change.keys):
            self._show()
            self.mark()
        self._timer.start()

    def _give_way(self, job: Job) -> None:
        """Another job wants the worker: counting is broken off and begins again later."""
        if self._job is not None and job is not self._job:
            self._job.cancel()
            self._job = None
            self._timer.start()

    def _count(self) -> None:
        if not self._register or self._window.may_close:
            return
        actions, register = self._actions, self._actions.store.catalogue[self._register]
        wanted = {number: view.wanted for number, view in self._views.items()}

        def work(job: Job) -> dict[int, int]:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            return {number: actions.listing(register, one).count() for number, one in wanted.items()}

        if self._job is not None:
            self._job.cancel()
        self._job = None
        self._job = self._jobs.run("计数", work, partial(self._take_counts, self._register), self._window.show_trouble)

    def _take_counts(self, register: str, counts: Any) -> None:
        self._job = None
        if register != self._register:
            return
        for number, count in counts.items():
            if number in self._views:
                is_alarm = self._views[number].is_of_overdue and count > 0
                self._window.side.set_count(self._key(number), count, alarm=is_alarm)

    def save(self, register: str) -> None:
        """Ask for a name and save what the list of a register shows."""
        page = self._window.current_register()
        if page is None or not self._actions.allows("save"):
            return
        columns, before = page.columns.layout.names, set(self._views)

        def show_saved() -> None:
            for view in set(self._views) - before:
                self._opened = view
                page.columns.start_view(str(view), columns)
            self.mark()

        self._ask("存为视图", "全办公室都能在侧栏里用这个视图；年份选的是今年，明年打开就是明年。", "", partial(
            views.save_view, register=self._actions.store.catalogue[register], wanted=page.current_filter(),
            columns=columns,
        ), show_saved)  # fmt: skip

    def _ask(
        self, title: str, words: str, name: str, do: Callable[..., Change], then: Callable[[], None] = lambda: None
    ) -> None:
        from desktop.dialogs.asking import AskDialog, Asked
        from desktop.registers.editors import LineEditor

        def take(values: dict[str, Any]) -> None:
            self._actions.edit(partial(do, name=values["name"] or ""))
            then()
            self._window.tell(f"{title}：{values['name']}", undo=True)

        asked = Asked("name", "名称", LineEditor, name, "如：本月没办完的", is_must=True)
        dialog = AskDialog(title, words, [asked], title, take, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.editors["name"].setFocus()

    def _open_menu(self, place: QPoint) -> None:
        """What may be done to the view under the mouse."""
        entry: Any = self.sender()
        number = int(entry.item.key.partition(_MARK)[2])
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        page = self._window.current_register()
        menu.addAction("打开", partial(self.open, entry.item.key))
        editing = [menu.addAction("改名...", partial(self._rename, number))]
        if page is not None:
            editing.append(menu.addAction("改成列表现在的条件和列", partial(self._rewrite, number)))
        for words, do, said in (
            ("上移", partial(views.move_view, view=number, by=-1), ""),
            ("下移", partial(views.move_view, view=number, by=1), ""),
            ("删除", partial(views.delete_view, view=number), "已删除视图"),
        ):
            editing.append(menu.addAction(words, partial(self._do, do, said)))
        for action in editing:
            self._actions.permit(action, "save")
        menu.popup(entry.mapToGlobal(place))

    def _rename(self, number: int) -> None:
        self._ask("视图改名", "", self._views[number].name, partial(views.rename_view, view=number))

    def _rewrite(self, number: int) -> None:
        page = self._window.current_register()
        if page is not None:
            columns, wanted = page.columns.layout.names, page.current_filter()
            do = partial(views.rewrite_view, view=number, wanted=wanted, columns=columns)
            self._do(do, "已改视图")

    def _do(self, do: Callable[..., Change | None], words: str) -> None:
        try:
            change = do(self._actions.store)
        except Refused as refused:
            self._window.show_trouble(refused)
            return
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self._window.show_trouble(error)
            return
        if change is not None:
            self._actions.told(change)
            if words:
                self._window.tell(words, undo=True)


def _records(wanted: Filter) -> Filter:
    """What a filter says of which records are listed, not of their order."""
    return replace(wanted, order="", descending=True, group="")
