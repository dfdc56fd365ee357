"""Makes the publisher's key, and signed update files of packages; see packaging/UPDATES.md.

usage: .venv/bin/python packaging/sign_update.py key FOLDER
       .venv/bin/python packaging/sign_update.py sign KEY PACKAGE [--minimum VERSION] [--changes FILE] [--out FOLDER]

The private key is 32 random bytes in base64; it is never committed. PACKAGE is a .deb or setup.exe under the name that
packaging gave it. The same package, key and commit give the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nacl.signing import SigningKey  # noqa: E402

from desktop.updates import container  # noqa: E402

PRIVATE, PUBLIC = "fazhi-update.key", "publisher.pub"


def make_key(folder: Path) -> None:
    """Write a new pair of keys; nothing that is there is overwritten."""
    key = SigningKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    for name, secret, mode in ((PRIVATE, bytes(key), 0o600), (PUBLIC, bytes(key.verify_key), 0o644)):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(base64.b64encode(secret) + b"\n")
        sys.stdout.write(f"{folder / name}\n")


def changes_of(version: str, log: Path) -> str:
    """The section of a version in a change log."""
    text = log.read_text(encoding="utf-8")
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise SystemExit(f"{log.name}里没有{version}")
    return found[1].strip()


def room_of(package: Path) -> int:
    """How many bytes a .deb takes when it is installed; 0 for setup.exe, which looks for itself."""
    if package.suffix != ".deb":
        return 0
    return int(said("dpkg-deb", "-f", package, "Installed-Size")) << 10


def said(*command: str | Path) -> str:
    """What a tool of this machine says."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603  named here


def sign(key: Path, package: Path, minimum: str, log: Path, folder: Path) -> Path:
    """Write the update file of a package."""
    named = container.named(package.name)
    if named is None:
        raise SystemExit(f"{package.name}不是能发放的安装包")
    platform, arch, version = named
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or said("git", "log", "-1", "--format=%ct")
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    manifest = container.Manifest(
        version=version, platform=platform, arch=arch, minimum=minimum, changes=changes_of(version, log),
        released_on=datetime.fromtimestamp(int(epoch), UTC).date().isoformat(), package=package.name,
        size=package.stat().st_size, room=room_of(package), sha256=digest,
    )  # fmt: skip
    target = folder / f"fazhi-ledger-{version}-{platform}-{arch}{container.SUFFIX}"
    seed = base64.b64decode(key.read_text(encoding="utf-8"))
    container.pack(manifest, package, seed, target)
    container.verify(container.read(target, [bytes(SigningKey(seed).verify_key)]))
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="发布者的密钥和升级文件")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("key").add_argument("folder", type=Path)
    made = commands.add_parser("sign")
    made.add_argument("key", type=Path)
    made.add_argument("package", type=Path)
    made.add_argument("--minimum", default="0.1.0", help="能直接升上来的最旧版本")
    made.add_argument("--changes", type=Path, default=ROOT / "CHANGELOG.md", help="从哪个文件摘这一版的变更")
    made.add_argument("--out", type=Path, default=ROOT / "build" / "dist")
    given = parser.parse_args()
    if given.command == "key":
        make_key(given.folder)
    else:
        sys.stdout.write(f"{sign(given.key, given.package.resolve(), given.minimum, given.changes, given.out)}\n")
