"""The second place of the backups on the command line: chosen, written, told of when it fails or is a stranger's."""

from __future__ import annotations

from pathlib import Path

from desktop import cli
from tests.desktop.conftest import Run


def test_a_place_is_chosen_gets_the_backups_and_one_that_fails_or_is_not_known_is_told(run: Run, folder: Path) -> None:
    stick = folder.parent / "U盘"
    stick.mkdir()
    strange = folder.parent / "别人的U盘"
    strange.mkdir()
    status, said, complaint = run("backup", "--second", stick)
    assert (status, len(said.splitlines()), complaint) == (cli.DONE, 2, "")
    (stick / "台账备份-20221230-100000.part").mkdir()  # also root cannot write there then
    status, said, complaint = run("backup")
    assert (status, len(said.splitlines()), "没能写出备份" in complaint) == (cli.TROUBLE, 1, True)
    stick.rename(stick.with_name("口袋"))
    strange.rename(stick)
    status, said, complaint = run("backup")
    assert (status, len(said.splitlines())) == (cli.REFUSED, 1)
    assert "不是原来的第二备份位置" in complaint
    assert list(stick.iterdir()) == []
    status, _said, complaint = run("backup", "--second", folder / "没有的")
    assert (status, "没有改动" in complaint) == (cli.REFUSED, True)
