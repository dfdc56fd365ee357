"""Portable: data and logs lie beside the program when that is asked for, however the program was laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import paths


@pytest.mark.parametrize("app", ["", "app", "program/app"])
@pytest.mark.parametrize("marker", paths.MARKERS)
def test_a_marker_beside_the_program_puts_the_data_there(tmp_path: Path, app: str, marker: str) -> None:
    place = tmp_path / "法治台账 U盘"
    tree = place / app
    tree.mkdir(parents=True)
    assert paths.portable_folder(tree) is None
    (place / marker).touch()
    assert paths.portable_folder(tree) == place / "数据"


def test_it_can_be_asked_for_without_a_marker(tmp_path: Path) -> None:
    assert paths.portable_folder(tmp_path / "app", asked=True) == tmp_path / "数据"


def test_the_log_lies_with_portable_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "portable_folder", lambda asked: tmp_path / "数据")
    assert paths.log_folder() == tmp_path / "数据" / "日志"
    assert (tmp_path / "数据" / "日志").is_dir()


def test_a_stick_that_cannot_be_written_leaves_the_log_on_the_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "portable_folder", lambda asked: tmp_path / "数据")
    monkeypatch.setattr("os.access", lambda *_asked: False)
    assert paths.log_folder() != tmp_path / "数据" / "日志"
