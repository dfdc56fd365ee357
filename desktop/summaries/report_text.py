"""The annual report as it will be read: numbers are links, failing claims stand on top, the clicked one is tinted."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from db.summaries.annual.drift import HOW, Drift
from db.summaries.annual.report import Claimed, Paragraph, Report, Told, Words
from desktop import theme

_STEPS = 3  # records of a drift that are named; the others are counted
FACT, ROWS, REWRITE, DRIFT = "fact", "rows", "rewrite", "drift"


class ReportText(QTextBrowser):
    """`asked(what, which)`: a figure by its key, the rows of a broken claim, a rewriting, the rows of a drift."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("报告正文")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.anchorClicked.connect(self._tell)
        self.document().setDocumentMargin(theme.up4(1.8 * theme.em()))
        self._report: Report | None = None
        self._drifts: tuple[Drift, ...] = ()
        self._current = ""

    def show_report(self, report: Report, drifts: tuple[Drift, ...]) -> None:
        """Show a report from its beginning."""
        self._report, self._drifts, self._current = report, drifts, ""
        self._draw()
        self.verticalScrollBar().setValue(0)

    def tint(self, fact: str) -> None:
        """Tint the figure with this key wherever it stands; the text stays where it is."""
        at = self.verticalScrollBar().value()
        self._current = fact
        self._draw()
        self.verticalScrollBar().setValue(at)

    def changeEvent(self, event: QEvent) -> None:
        """Colours and sizes stand in the text: write it anew in another scheme or font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and getattr(self, "_report", None):
            self.tint(self._current)

    def _tell(self, url: QUrl) -> None:
        what, _colon, which = url.toString().partition(":")
        self.asked.emit(what, which)

    def _draw(self) -> None:
        if self._report is not None:
            self.setHtml("".join((*self._boxes(self._report), *self._text(self._report))))

    def _boxes(self, report: Report) -> Iterator[str]:
        """What stands in the way of filing, or what has drifted since it was filed."""
        if report.filed:
            yield from map(self._drift_box, range(len(self._drifts)))
            return
        for at, claim in enumerate(report.claims):
            if claim.state == "broken":
                ways = [_link(f"{ROWS}:{at}", f"看这 {len(claim.rows)} 条")] if claim.rows else []
                if claim.instead:
                    ways.append(_link(f"{REWRITE}:{at}", f"改写为“{claim.instead}”"))
                yield _box("red", f"“{escape(claim.text)}”不成立：{escape(claim.why)}", "　".join(ways))
        claimed = {f"“{claim.text}”" for claim in report.claims if claim.state == "broken"}
        for finding in report.findings:
            if finding.kind == "must" and not any(finding.text.startswith(words) for words in claimed):
                yield _box("red", escape(finding.text), "")
        warned = [finding.text for finding in report.findings if finding.kind == "warn"]
        if warned:
            yield _box("ochre", "<br>".join(map(escape, warned)), "")

    def _drift_box(self, at: int) -> str:
        one = self._drifts[at]
        words = f"{escape(one.label)}：封存{escape(_brief(one.filed))}，现在{escape(_brief(one.now))}"
        for moved in one.moved[:_STEPS]:
            step = f"：{moved.steps[-1]}" if moved.steps else ""
            name = f"{moved.number or '未编号'}　{_brief(moved.subject)}"
            words += f"<br>　{HOW[moved.how]}：{escape(name)}{escape(step)}"
        if len(one.moved) > _STEPS:
            words += f"<br>　另有 {len(one.moved) - _STEPS} 条"
        return _box("ochre", words, _link(f"{DRIFT}:{at}", f"看这 {len(one.moved)} 条") if one.moved else "")

    def _text(self, report: Report) -> Iterator[str]:
        size = theme.points(4)
        for line in report.title:
            yield f"<p align='center' style='font-size:{size}pt;font-weight:600;margin:4px 0'>{escape(line)}</p>"
        for paragraph in report.paragraphs:
            yield self._paragraph(report, paragraph)
        for line in (report.signed, report.dated):
            yield f"<p align='right' style='margin:4px 32px'>{escape(line)}</p>"

    def _paragraph(self, report: Report, paragraph: Paragraph) -> str:
        style = f"margin:4px 0;line-height:150%;text-indent:{round(2 * theme.em())}px"
        head = "".join(self._run(report, run) for run in paragraph.head)
        body = "".join(self._run(report, run) for run in paragraph.runs)
        return f"<p style='{style}'>{f'<b>{head}</b>' if head else ''}{body}</p>"

    def _run(self, report: Report, run: Words | Told | Claimed) -> str:
        if isinstance(run, Words):
            return escape(run.text)
        if isinstance(run, Told):
            return self._number(run.fact, run.text, "accent")
        claim = report.claims[run.claim]
        if claim.state == "broken":
            return self._number(claim.facts[0], run.text, "red")
        return self._number(claim.facts[0], run.text, "accent")

    def _number(self, fact: str, text: str, light: str) -> str:
        ground = "redbg" if light == "red" else "pick" if fact == self._current else ""
        background = f"background-color:{theme.colour(ground).name()};" if ground else ""
        weight = "font-weight:600;" if ground else ""
        style = f"color:{theme.colour(light).name()};{background}{weight}"
        return f"<a href='{FACT}:{escape(fact)}' style='{style}'>{escape(text)}</a>"


def _brief(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}……"


def _link(target: str, words: str) -> str:
    return f"<a href='{target}' style='color:{theme.colour('accent').name()};text-decoration:none'>{escape(words)}</a>"


def _box(light: str, words: str, ways: str) -> str:
    """A box with a bar at its left: words, and under them the ways on."""
    mark = "◆" if light == "red" else "◐"
    colour, ground = theme.colour(light).name(), theme.colour(f"{light}bg").name()
    below = f"<br>{ways}" if ways else ""
    return (
        "<table width='100%' cellspacing='0' cellpadding='6' style='margin-bottom:8px'><tr>"
        f"<td width='3' bgcolor='{colour}' style='padding:0'></td><td bgcolor='{ground}'>"
        f"<span style='color:{colour}'>{mark}</span> {words}{below}</td></tr></table>"
    )
