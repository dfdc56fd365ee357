"""The system's file dialogs, each opened in the folder that was used last for the same purpose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.settings import MachineSettings

ANY = ""


def ask_open(parent: QWidget, purpose: str, title: str, kinds: str = ANY) -> Path | None:
    """Ask for a file that is there; None when none was chosen. `purpose` names what the folder is remembered for."""
    name, _kind = QFileDialog.getOpenFileName(parent, title, str(_folder(purpose)), kinds)
    return _remembered(purpose, name)


def ask_open_several(parent: QWidget, purpose: str, title: str, kinds: str = ANY) -> list[Path]:
    """Ask for files that are there; empty when none was chosen."""
    names, _kind = QFileDialog.getOpenFileNames(parent, title, str(_folder(purpose)), kinds)
    return [path for name in names if (path := _remembered(purpose, name))]


def ask_save(parent: QWidget, purpose: str, title: str, name: str, kinds: str = ANY) -> tuple[Path | None, str]:
    """Ask where to write a file that is to be called `name`, and of which kind (one of `kinds`) it is to be."""
    chosen, kind = QFileDialog.getSaveFileName(parent, title, str(_folder(purpose) / name), kinds)
    return _remembered(purpose, chosen), kind


def _folder(purpose: str) -> Path:
    """The folder used last; that of the documents, or the home, where there is none or it is gone (a stick)."""
    last = MachineSettings().folder(purpose)
    if last and last.is_dir():
        return last
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()  # else its name would stand where the file's name belongs


def _remembered(purpose: str, name: str) -> Path | None:
    if not name:
        return None
    path = Path(name)
    MachineSettings().set_folder(purpose, path.parent)
    return path
