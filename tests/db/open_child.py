"""Opens the ledger of a folder as a second program would, says so, and holds it until its input ends.

With a number as second argument it first saves so many records, and leaves them in the write-ahead log.
"""

from __future__ import annotations

import sys
from pathlib import Path

from db.store.store import Store
from tests.db.office import Clock, outgoing, saved


def main(folder: Path, count: int) -> None:
    """Open, save, tell, wait."""
    store = Store.open(folder, "王堃", Clock())
    for at in range(count):
        saved(store, outgoing(title=f"关于第{at + 1}项工作的通知"))
    print("open", flush=True)
    sys.stdin.read()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
