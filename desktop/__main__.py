"""`python -m desktop`: the window, or a command without one (see `desktop.cli`)."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; give back the exit status."""
    from desktop.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
