"""Update files of a publisher whom only the tests know."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

from nacl.signing import SigningKey

from desktop.updates import container
from desktop.updates.container import Manifest

SEED = bytes(range(32))
KEYS = [bytes(SigningKey(SEED).verify_key)]
PACKAGE = random.Random(3).randbytes(40_000)


def manifest(**others: object) -> Manifest:
    """A manifest of `PACKAGE` as 0.2.0 for Linux, with other values where they are given."""
    plain = Manifest(
        version="0.2.0", platform="linux", arch="amd64", minimum="0.1.0", released_on="2026-11-26",
        changes="### 新增\n- 从U盘升级", package="fazhi-ledger_0.2.0_amd64.deb", size=len(PACKAGE), room=0,
        sha256=hashlib.sha256(PACKAGE).hexdigest(),
    )  # fmt: skip
    return replace(plain, **others)  # type: ignore[arg-type]


def write_update(folder: Path, seed: bytes = SEED, **others: object) -> Path:
    """Write an update file on a stick in `folder`."""
    stick = folder / "U盘"
    stick.mkdir(exist_ok=True)
    (stick / "package").write_bytes(PACKAGE)
    container.pack(manifest(**others), stick / "package", seed, stick / "升级.fzup")
    return stick / "升级.fzup"
