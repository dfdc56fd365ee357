"""Makes backups to two places and kills itself in the middle: at the step that its third argument counts."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from db.store import backup
from db.store.backup_places import Backups
from db.store.store import Store
from tests.db.office import Clock
from tests.db.sticks import known


def main(folder: Path, stick: Path, moment: int) -> None:
    """Back up with steps of 20 pages; each step, each look during a check and each rename may be the last."""
    backup.PAGES, backup.CHECKED, backup._CHUNK = 20, 200, 1 << 16
    clock = Clock()
    clock.tick(60 * (moment + 1))
    store = Store.open(folder, "李喆", clock)
    left = moment * 4

    def die_in_time(_done: int, _total: int) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    settings = {**store.rules.settings, **known(stick)}
    while True:
        Backups(folder, store.catalogue, settings).make(clock(), die_in_time, only_changed=False)
        clock.tick(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
