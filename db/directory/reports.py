"""Annual reports: the office's own templates, and what was filed, with every figure as it stood and its rows."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class ReportTemplate(Table):
    """A template that the office has made or changed; `source` keeps the report that it was made from, untouched."""

    TITLE = "报告模板"

    name = pw.TextField(unique=True)
    text = pw.TextField()
    source = pw.TextField(default="")
    changed_at = pw.TextField(default="")
    changed_by = pw.TextField(default="")


class FiledReport(Table):
    """A report that was filed: its text as JSON (see `db.summaries.annual.frozen`); of a year, the last edition counts.

    `journal` is the number of the journal's last entry at that moment: what came later may have moved a figure.
    """

    TITLE = "封存的年度报告"

    year = pw.IntegerField()
    edition = pw.IntegerField(default=1)
    template = pw.TextField(default="")
    body = pw.TextField()
    journal = pw.IntegerField(default=0)
    filed_at = pw.TextField()
    filed_by = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("year", "edition"), True),)


class FiledFigure(Table):
    """One figure of a filed report: its value, and the rows behind it as JSON, [register, id, last entry, counted].

    `counted` is 0 for a record of a rate's base that its numerator did not count. `rows_hash` is the SHA-256 of `rows`.
    """

    TITLE = "封存的数字"

    report = pw.IntegerField(index=True)
    figure = pw.TextField()
    label = pw.TextField()
    shown = pw.TextField()
    rows = pw.TextField()
    rows_hash = pw.TextField()


REPORTS: tuple[type[Table], ...] = (ReportTemplate, FiledReport, FiledFigure)
