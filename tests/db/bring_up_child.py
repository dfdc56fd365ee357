"""Opens the ledger of a folder and kills itself in the middle of a part of what an older program left to do."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from db.store import reindexing
from db.store.opening import Watch
from db.store.store import Store
from tests.db.office import Clock


def main(folder: Path, told: int) -> None:
    """Be killed when progress with a measure has been told so often."""
    reindexing.WRITTEN = 7  # several batches of a small ledger
    left = [told]

    def progress(_done: int, total: int) -> bool:
        left[0] -= bool(total)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    Store.open(folder, "王堃", Clock(), Watch(lambda words: print(words, flush=True), progress))
    print("open", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
