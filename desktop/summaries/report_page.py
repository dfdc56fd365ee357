"""年度报告: the report of a year as it will be read, the rows behind each number, export, filing, and what drifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.errors import StoreTrouble, Trouble, reason_of
from db.record import database
from db.summaries.annual.office import Standing, rewrite, standing
from db.summaries.annual.report import Fact, Report, Row
from db.summaries.annual.templates import templates
from db.summaries.document import Printed
from desktop import theme
from desktop.file_asking import ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.summaries.fact_pane import FactPane
from desktop.summaries.report_text import DRIFT, FACT, REWRITE, ROWS, ReportText

if TYPE_CHECKING:
    from db.store.change import Change

KINDS = "Word 文档 (*.docx);;PDF (*.pdf);;PDF 工作稿，附数据来源 (*.pdf)"
_HOW = (
    "一行是一段。【】里是数字的名字，如【印发文件】，起草时换成台账里的数；【印发文件.同比】【印发文件.增减】【印发文件.上年】是与上年的"
    "比较；【建议办复率=100：办复率均达100%】是断言：条件不成立时标红，列出是哪几条记录。"
)


class ReportPage(QWidget):
    """Drafts on the worker; `filter_asked(register, filter, note)` opens a list, `record_asked` one record."""

    filter_asked = Signal(str, object, str)
    record_asked = Signal(str, int)
    trouble = Signal(object)
    said = Signal(str)

    def __init__(
        self, actions: Actions, jobs: Jobs, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._jobs, self._now = actions, jobs, now
        self._job: Job | None = None
        self._standing: Standing | None = None
        self._anew = False
        self._is_stale = False
        self.text, self.pane = ReportText(), FactPane(actions.store)
        self.text.asked.connect(self._answer)
        self.pane.filter_asked.connect(self.filter_asked)
        self.pane.record_asked.connect(self.record_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.text, 1)
        body.addWidget(self.pane)
        column.addLayout(body, 1)
        column.addWidget(self._new_foot())
        actions.changed.connect(self._follow)
        self._fill_templates()
        self.refresh()

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        head.setFixedHeight(theme.row() + 16)
        title = QLabel("年度报告")
        theme.set_role(title, "h1")
        self.year, self.template = QComboBox(), QComboBox()
        self.year.setAccessibleName("年度")
        self.template.setAccessibleName("模板")
        for year in self._years():
            self.year.addItem(f"{year}年", year)
        self.year.setCurrentIndex(max(self.year.findData(self._written_about()), 0))
        self.year.activated.connect(self._choose)
        self.template.activated.connect(self._choose)
        self.state = QLabel()
        theme.set_role(self.state, "muted")
        self.edit_button = QPushButton("改模板...")
        self.edit_button.setToolTip("改模板的文字：增删句子，放进别的数字")
        self.read_button, self.save_button = QPushButton("用去年的报告..."), QPushButton("导出...")
        self.read_button.setToolTip("打开去年的报告（Word 或文本），认出里面的数字，做成今年的模板")
        self.file_button = QPushButton("定稿并封存")
        theme.set_role(self.file_button, "primary")
        for button, way in (
            (self.edit_button, self.edit_template), (self.read_button, self.read_report),
            (self.save_button, self.save), (self.file_button, self.file),
        ):  # fmt: skip
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(way)
        for button in (self.edit_button, self.read_button):
            self._actions.permit(button, "edit_rules")
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 8, 12, 8)
        for widget in (title, self.year, self.template, self.state):
            line.addWidget(widget)
        line.addStretch(1)
        for widget in (self.edit_button, self.read_button, self.save_button, self.file_button):
            line.addWidget(widget)
        return head

    def _new_foot(self) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        self.words, self.traced = QLabel(), QLabel()
        for label in (self.words, self.traced):
            theme.set_role(label, "small")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 4)
        line.addWidget(self.words)
        line.addStretch(1)
        line.addWidget(self.traced)
        return foot

    def _with_records(self) -> set[int]:
        found = {year for register in self._actions.store.catalogue for year in self._actions.years(register)}
        return {year for year in found if year <= self._actions.today.year}

    def _years(self) -> list[int]:
        return sorted({*self._with_records(), self._actions.today.year}, reverse=True)

    def _written_about(self) -> int:
        """The year that a report is written about: the newest with records; in the first half of a year the last."""
        today, known = self._actions.today, self._with_records()
        is_early = today.month <= 6 and today.year - 1 in known
        return today.year - 1 if is_early else max(known, default=today.year)

    def _fill_templates(self) -> None:
        current = self.template.currentText()
        self.template.clear()
        for one in templates():
            self.template.addItem(one.name)
        self.template.setCurrentIndex(max(self.template.findText(current), 0))

    def _choose(self) -> None:
        self._anew = self.sender() is self.template
        self.refresh()

    def _follow(self, _change: Change) -> None:
        """Draft anew when something was changed: at once while on show, else when shown next."""
        if self.isVisible():
            self.refresh()
        else:
            self._is_stale = True

    def showEvent(self, event: object) -> None:
        """Draft anew when the registers have changed meanwhile."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._is_stale:
            self._fill_templates()
            self.refresh()

    def refresh(self) -> None:
        """Draft the report of the chosen year on the worker; a newer choice takes the place of an older one."""
        if self._job is not None:
            self._job.cancel()
        self._is_stale = False
        store, now, anew = self._actions.store, self._now(), self._anew
        year, name = self.year.currentData(), self.template.currentText()

        def work(_job: Job) -> Standing:
            database.connect(reuse_if_open=True)
            return standing(store, year, name, now, anew)

        self._job = self._jobs.run("起草年度报告", work, self._show, self._fail)

    def _fail(self, error: object) -> None:
        self._job = None
        self.trouble.emit(error)

    def _show(self, found: object) -> None:
        self._job = None
        assert isinstance(found, Standing)
        self._standing = found
        report = found.report
        self.text.show_report(report, found.drifts)
        self.pane.clear()
        drifted = sum(one.is_shifted for one in found.drifts)
        drift = f"，{drifted} 个数字有变动" if drifted else ""
        self.state.setText(f"已封存{drift}" if report.filed else "草稿")
        self.state.setToolTip(report.filed)
        self.file_button.setText("重新起草" if report.filed else "定稿并封存")
        self._actions.permit(self.file_button, "file_report")
        self.words.setText(_status(report))
        count = sum(1 for fact in report.facts if fact.rows)
        self.traced.setText(f"{len(report.facts)} 个数字都能追到台账，其中 {count} 个有记录")
        self.said.emit(self.status_words())

    def status_words(self) -> str:
        """What the status bar says of the report on show."""
        if self._standing is None:
            return ""
        report = self._standing.report
        if report.filed:
            return report.filed
        must = sum(finding.kind == "must" for finding in report.findings)
        return f"{must} 处须处理，定稿前须改好" if must else "没有须处理的事项，可以定稿"

    def _answer(self, what: str, which: str) -> None:
        assert self._standing is not None
        report = self._standing.report
        if what == FACT:
            self.show_fact(report.fact(which))
        elif what == ROWS:
            claim = report.claims[int(which)]
            self._show_rows("不成立的断言", f"{len(claim.rows)}条", f"“{claim.text}”：{claim.why}", claim.rows)
        elif what == REWRITE and self._actions.allows("edit_rules"):
            claim = report.claims[int(which)]
            self._tried(lambda store: rewrite(store, report, claim))
        elif what == DRIFT:
            drifted = self._standing.drifts[int(which)]
            words = f"封存时{drifted.filed}，现在{drifted.now}。下面是使它变动的记录。"
            self._show_rows(drifted.label, drifted.now, words, tuple(moved.row for moved in drifted.moved))

    def show_fact(self, fact: Fact) -> None:
        """Show a figure beside the text, and tint it there."""
        unit = "" if fact.unit == "%" else fact.unit
        is_text = not fact.change
        number = f"{fact.value}{unit}" if is_text else f"{fact.shown}{unit}"
        compared = "" if is_text else f"上年同期 {fact.before if fact.before is not None else '—'}，{_changed(fact)}。"
        self.text.tint(fact.key)
        self._show_rows(fact.label, number, f"{fact.definition}{compared}", fact.rows)

    def _show_rows(self, title: str, number: str, words: str, rows: tuple[Row, ...]) -> None:
        self.pane.show_rows(title, number, words, rows, f"{self.year.currentData()}年")

    def _tried(self, work: Callable[..., Change]) -> bool:
        """Make a change; a refusal is told. Tells whether it was made."""
        try:
            self._actions.edit(work)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
            return False
        self._fill_templates()
        return True

    def file(self) -> None:
        """File the draft, or leave what was filed and draft anew."""
        from db.summaries.annual.filing import file_report

        if self._standing is None or self._job is not None:
            return
        report, now = self._standing.report, self._now()
        if report.filed:
            self._anew = True
            self.refresh()
        elif self._tried(lambda store: file_report(store, report, now)):
            self._anew = False
            self.refresh()

    def edit_template(self) -> None:
        """Let the office edit the text of the template that is chosen; what it keeps is drafted at once."""
        from db.summaries.annual.office import Wording, own_name
        from desktop.dialogs.form_text import Drawing, FormTextDialog, Manner

        store, now, today, year = self._actions.store, self._now(), self._actions.today, self.year.currentData()
        wording = Wording(self._actions.store, self.template.currentText(), self._actions.today)
        used = wording.used

        def keep(text: str) -> None:
            self._anew = True
            self._actions.told(wording.keep(text))
            self._fill_templates()
            self.template.setCurrentText(own_name(used))
            self.refresh()

        def draw(text: str, job: Job) -> Printed:
            from db.summaries.annual.report import Copy
            from desktop.printing.faces import Faces
            from desktop.printing.pdf import render

            return render(Copy(Wording(store, used.name, today).draft(text, year, now)), Faces(), now, job.progress)

        manner = Manner("报告模板", _HOW, ("{{", "}}"))
        dialog = FormTextDialog(
            used.name, wording.text(), wording.names(), keep, wording.text, self, manner, Drawing(self._jobs, draw)
        )
        dialog.open()

    def read_report(self) -> None:
        """Let the clerk choose last year's report and confirm its numbers; it becomes a template."""
        from desktop.dialogs.report_reading import ReportReadingDialog

        dialog = ReportReadingDialog(self._actions.store, self._keep_template, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _keep_template(self, name: str, text: str, source: str) -> None:
        """Keep a template and draft by it. Raises Refused."""
        from db.summaries.annual.templates import put_template

        self._actions.edit(lambda store: put_template(store, name, text, source))
        self._fill_templates()
        self.template.setCurrentText(name)
        self._anew = True
        self.refresh()

    def save(self) -> None:
        """Ask for place and kind, and write the report there: Word, PDF, or PDF with the rows behind its numbers."""
        if self._standing is None:
            return
        name = f"{''.join(self._standing.report.title) or '年度报告'}.docx"
        path, kind = ask_save(self, "report", "导出年度报告", name, KINDS)
        if path:
            self.export(path, is_working="数据来源" in kind)

    def export(self, path: Path, is_working: bool = False) -> None:
        """Write the report to a file, by its ending; trouble says what to do."""
        from db.summaries.annual.appendix import working_copy
        from db.summaries.annual.report import Copy

        assert self._standing is not None
        report, store, now = self._standing.report, self._actions.store, self._now()

        def work(job: Job) -> str:
            database.connect(reuse_if_open=True)
            if path.suffix.lower() == ".docx":
                from desktop.printing.word import render_word

                content = render_word(report, now)
            else:
                from desktop.printing.faces import Faces
                from desktop.printing.pdf import render

                made = working_copy(store, report) if is_working else Copy(report)
                content = render(made, Faces(), now, job.progress).pdf
            _write(path, content)
            return f"已存为{path.name}"

        self._jobs.run("导出年度报告", work, self.said.emit, self.trouble.emit)


def _status(report: Report) -> str:
    if report.filed:
        return f"{report.filed}；数字不再随台账变动"
    if report.is_running:
        last: date = report.end - timedelta(1)
        return f"本年未结束：数字算到 {last}，随台账变动"
    return "数字随台账变动，封存后不再变"


def _changed(fact: Fact) -> str:
    if fact.unit == "%" or fact.difference in ("持平", "—"):
        return f"同比{fact.change}"
    return f"{fact.difference}，同比 {fact.change}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE, "没能导出年度报告", f"{path}写不进去（{reason_of(error)}）；台账没有动。",
            "请换一个能写入的文件夹，或检查磁盘空间；文件正开着的请先关上。",
        ) from error  # fmt: skip
