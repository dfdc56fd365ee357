"""Chinese input: what is said of the desktop's input methods, and what the launcher hands to Qt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop import input_methods

LAUNCHER = Path(__file__).parents[2] / "packaging" / "linux" / "deb" / "fazhi-ledger"


@pytest.mark.parametrize(
    ("running", "said"),
    [
        (None, "不在桌面里"),
        ([], "没有看到"),
        (["fcitx5", "ibus"], "fcitx5，能输入中文"),
        (["ibus"], "ibus，能输入中文"),
        (["fcitx4"], "fcitx4，能输入中文"),
    ],
)
def test_each_input_method_is_told_as_what_it_can_do(running: list[str] | None, said: str) -> None:
    assert said in input_methods.verdict(running, {"ibus", "fcitx", "compose"})


def test_without_the_plugin_nothing_is_promised() -> None:
    assert "打不出中文" in input_methods.verdict(["fcitx5"], {"compose", "fcitx"})
    assert "打不出中文" in input_methods.verdict(["fcitx4"], {"compose", "ibus"})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has an input method of its own")
def test_qt_brings_the_plugin_that_ibus_and_fcitx5_answer() -> None:
    assert "ibus" in input_methods.plugins()


@pytest.mark.skipif(sys.platform == "win32", reason="the launcher is for Linux")
@pytest.mark.parametrize(
    ("desktop", "plugin"),
    [
        ({"QT_IM_MODULE": "fcitx"}, "fcitx/ibus;fcitx"),
        ({"XMODIFIERS": "@im=fcitx"}, "/ibus;fcitx"),
        ({"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"}, "fcitx/ibus;fcitx"),
        ({"QT_IM_MODULE": "ibus"}, "ibus/"),
        ({"QT_IM_MODULE": "compose", "QT_IM_MODULES": "compose;ibus"}, "compose/compose;ibus"),
        ({}, "/"),
    ],
)
def test_the_launcher_lets_either_fcitx_answer_and_leaves_the_rest(desktop: dict[str, str], plugin: str) -> None:
    assert launched(desktop, "/etc/passwd") == plugin


@pytest.mark.skipif(sys.platform == "win32", reason="the launcher is for Linux")
def test_a_machine_without_identity_gets_a_window_without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    assert launched({"QT_IM_MODULE": "fcitx"}, "/nowhere") == "compose/"
    monkeypatch.setattr(input_methods, "_IDENTITIES", (Path("/nowhere"),))
    assert "machine-id" in input_methods.words()


def launched(desktop: dict[str, str], identity: str) -> str:
    """What the launcher hands to Qt: QT_IM_MODULE/QT_IM_MODULES."""
    script = LAUNCHER.read_text(encoding="utf-8").replace("exec ", "echo $QT_IM_MODULE/$QT_IM_MODULES; exit; ")
    for place in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        script = script.replace(place, identity)
    run = subprocess.run(["/bin/sh", "-c", script], env=desktop, capture_output=True, text=True, check=True)
    return run.stdout.strip()
