"""Where things lie on this machine: the data folder and the logs, by the rules of each system (platformdirs)."""

from __future__ import annotations

from pathlib import Path

NAME = "fazhi-ledger"


def data_folder() -> Path:
    """The folder of the ledger when none is named."""
    import platformdirs  # not needed by a start that names its folder until the frame stands

    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def log_folder() -> Path:
    """The folder of log and crash files; made when it is missing."""
    import platformdirs

    folder = Path(platformdirs.user_log_dir(NAME, appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
