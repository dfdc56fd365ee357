"""Copies of attachments that were opened go with the program, also where a read-only file cannot be removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from desktop.registers import viewer


def test_a_read_only_copy_is_removed_where_read_only_files_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "opened" / "one" / "方案.docx"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"PK plan")
    copy.chmod(0o400)
    unlink = os.unlink

    def as_windows(path: Any, *, dir_fd: int | None = None) -> None:
        """Refuses what is read-only, as Windows does."""
        if not os.stat(path, dir_fd=dir_fd).st_mode & 0o200:
            raise PermissionError(path)
        unlink(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", as_windows)
    viewer.remove_copies(tmp_path / "opened")
    assert not (tmp_path / "opened").exists()
