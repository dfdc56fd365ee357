"""The commands of the annual report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop import cli
from tests.db.office import Clock

REPORT = Path(__file__).parents[1] / "reference" / "annual" / "report-2022.txt"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over the office's ledger: exit status, what was said, what was complained of."""
    monkeypatch.setattr(cli, "now", clock)

    def run(*arguments: object, data: Path = folder) -> tuple[int, str, str]:
        status = cli.run(["--data", str(data), *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_numbers_of_a_report_are_listed_with_their_place_and_figure(run: Run) -> None:
    status, said, complaint = run("annual", "template", REPORT)
    rows = {row["figure"]: row for row in json.loads(said) if row["figure"]}
    assert (status, complaint) == (cli.DONE, "")
    assert rows["out_total"]["number"] == 283
    assert rows["revoked"]["number"] == 0
    assert rows["dec_step_full"]["claim"] == "dec_step_full=100"
    text = REPORT.read_text(encoding="utf-8")
    assert all(text[row["start"] : row["end"]].startswith(str(row["number"])[:1]) for row in rows.values()
               if row["number"] and row["figure"] != "reply_rate")  # fmt: skip
    assert all({"text", "start", "end", "number", "noun", "confidence", "reason"} <= set(row) for row in rows.values())


def test_a_template_is_written_and_no_ledger_is_needed(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "模板.txt"
    status, _said, _complaint = run("annual", "template", REPORT, "-o", made, data=tmp_path / "空")
    assert status == cli.DONE
    assert "印发文件{{out_total}}件" in made.read_text(encoding="utf-8")
    assert not (tmp_path / "空").exists()


def test_an_old_word_file_is_refused_with_a_way_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "去年.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    status, said, complaint = run("annual", "template", path)
    assert (status, said) == (cli.REFUSED, "")
    assert "另存为" in complaint
