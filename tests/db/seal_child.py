"""Encrypts or decrypts a ledger and kills itself in the middle: at the moment that its third argument counts.

A moment is a file opened, renamed, removed or cut by the program, or a step of SQLite's machine in a long statement.
Without an end it prints how many moments there were.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from db.store import keys, recoding, sealing
from tests.db.office import Clock

PASSWORD, CODE = "山高月小水落石出", "ABCD-EFGH"
EVENTS = ("open", "os.rename", "os.remove", "os.truncate")


def main(folder: Path, deed: str, moment: int) -> None:
    """Do it, dying at that moment."""
    recoding.CHECKED = 2_000
    if deed == "unseal":
        keys.unlock(folder, PASSWORD)
    passed = 0

    def count() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event in EVENTS and str(folder) in str(values[0]):
            count()

    def progress(_done: int, _total: int) -> bool:
        count()
        return True

    sys.addaudithook(hook)
    if deed == "seal":
        sealing.seal(folder, PASSWORD, CODE, Clock()(), progress)
    else:
        sealing.unseal(folder, Clock()(), progress)
    print(passed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
