"""A machine that forbids sockets, even within the program, has a window all the same."""

from __future__ import annotations

import errno
import signal
import socket

import pytest
from PySide6.QtWidgets import QApplication

from desktop.termination import Termination


def test_without_sockets_the_program_goes_on_and_logs_it(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_asked: object) -> None:
        raise OSError(errno.ENETUNREACH, "unreachable")

    monkeypatch.setattr(socket, "socketpair", refuse)
    before = signal.getsignal(signal.SIGTERM)
    termination = Termination()
    assert signal.getsignal(signal.SIGTERM) is before
    termination.stop()
    assert signal.getsignal(signal.SIGTERM) is before
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    caplog.clear()
