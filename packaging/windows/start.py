"""What the launcher runs: the program in this very process. Its children need the interpreter, not the launcher."""

import sys
from pathlib import Path

sys.executable = str(Path(__file__).parent / "python" / "pythonw.exe")

from desktop.__main__ import main  # noqa: E402  it may look at sys.executable

sys.exit(main())
