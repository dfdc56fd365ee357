"""The update file: a signed manifest and behind it the package for one system, whole and nothing else.

Layout: MAGIC, the ed25519 signature of the manifest (64 bytes), the manifest's length (4 bytes, big-endian), the
manifest (JSON, UTF-8), the package. The manifest holds the package's size and SHA-256, so every byte is vouched for. It
is no archive: it holds one file, to which the reader gives the name, and there is no path that could lead elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.exchange.safe_writing import whole
from db.resources import RESOURCES
from db.store.backup import Progress, unwatched
from db.store.private import close_to_others

MAGIC, SUFFIX = b"FZUPDATE1\n", ".fzup"
KEYS = RESOURCES / "updates"
MOST_MANIFEST, MOST_PACKAGE = 256 << 10, 400 << 20  # bytes
_SIGNATURE, _LENGTH, _CHUNK = 64, 4, 1 << 20  # bytes
_SIGNED = b"fazhi-ledger update 1\n"  # before the manifest: a signature made for something else is none for this
_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")
_PACKAGES = (
    ("linux", re.compile(r"fazhi-ledger_([0-9.]+)_(amd64|arm64)\.deb")),
    ("windows", re.compile(r"fazhi-ledger-([0-9.]+)-setup\.exe")),
)


@dataclass(frozen=True)
class Manifest:
    """What an update is. `minimum`: the oldest version that may take it; `size` and `room` in bytes: of the package
    and of the program when it is installed (0: not known); `released_on` is an ISO date; `changes` are Chinese lines.
    """

    version: str
    platform: str
    arch: str
    minimum: str
    released_on: str
    changes: str
    package: str
    size: int
    room: int
    sha256: str


@dataclass(frozen=True)
class Update:
    """An update file whose signature is good; the package begins at byte `at` and is checked when it is taken out."""

    path: Path
    manifest: Manifest
    at: int


def is_update(path: Path) -> bool:
    """Whether a file is an update by its name."""
    return path.suffix.lower() == SUFFIX


def number(version: str) -> tuple[int, ...]:
    """A version as numbers that compare."""
    return tuple(int(part) for part in version.split("."))


def named(package: str) -> tuple[str, str, str] | None:
    """Platform, architecture and version that a package's name tells; None when it is none of ours."""
    for platform, pattern in _PACKAGES:
        if found := pattern.fullmatch(package):
            return platform, found[2] if platform == "linux" else "amd64", found[1]
    return None


def publishers(folder: Path = KEYS) -> list[bytes]:
    """The public keys that are built in (32 bytes each): the first word of each .pub file, in base64."""
    import base64

    return [base64.b64decode(path.read_text(encoding="utf-8").split()[0]) for path in sorted(folder.glob("*.pub"))]


def pack(manifest: Manifest, package: Path, seed: bytes, target: Path) -> None:
    """Write an update file, signed with the key that grows of `seed` (32 bytes); the same input, the same bytes.

    Raises:
        StoreTrouble: when the target cannot be written.
    """
    from nacl.signing import SigningKey

    text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True).encode()
    signature = SigningKey(seed).sign(_SIGNED + text).signature
    with whole(target) as (part,), part.open("wb") as written, package.open("rb") as read:
        written.write(MAGIC + signature + len(text).to_bytes(_LENGTH, "big") + text)
        while chunk := read.read(_CHUNK):
            written.write(chunk)


def read(path: Path, keys: list[bytes]) -> Update:
    """Read the head of an update file and believe it only when a publisher has signed it.

    Raises:
        Refused: when the file is no update, was changed, is not whole, or nobody known has signed it.
        StoreTrouble: when it cannot be read.
    """
    with _opened(path) as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Refused(f"“{path.name}”不是法治台账的升级文件。没有改动；请选后缀为{SUFFIX}的文件")
        signature = file.read(_SIGNATURE)
        length = int.from_bytes(file.read(_LENGTH), "big")
        if not 0 < length <= MOST_MANIFEST:
            raise _forged(path)
        text = file.read(length)
        at, size = file.tell(), file.seek(0, 2)
    if not keys:
        raise Refused("这个程序里没有发布者的公钥，认不出升级文件的真假。没有改动；请用发放的安装包升级")
    if not any(_is_signed(text, signature, key) for key in keys):
        raise _forged(path)
    manifest = _parsed(path, text)
    if size - at != manifest.size:
        raise Refused(
            f"“{path.name}”不完整：应有{at + manifest.size:,}字节，实有{size:,}字节。没有升级，台账没有动；请重新拷一份"
        )
    return Update(path, manifest, at)


def unpack(update: Update, folder: Path, progress: Progress = unwatched) -> Path:
    """Take the package out into a folder, under its own name; it gets that name only when its hash is right.

    Raises:
        Refused: when it was changed or misread, or the work was cancelled.
        StoreTrouble: when the folder cannot be written.
    """
    target = folder / update.manifest.package
    with whole(target) as (part,), part.open("wb") as written:
        for chunk in _checked(update, progress):
            written.write(chunk)
    close_to_others(target)
    return target


def verify(update: Update, progress: Progress = unwatched) -> None:
    """Read the package to its end and keep nothing.

    Raises:
        Refused: when it was changed or misread, or the work was cancelled.
    """
    for _chunk in _checked(update, progress):
        pass


def _checked(update: Update, progress: Progress) -> Iterator[bytes]:
    """The package in pieces; refuses it at its end when its hash is wrong."""
    found, done = hashlib.sha256(), 0
    with _opened(update.path) as file:
        file.seek(update.at)
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            done += len(chunk)
            yield chunk
            if not progress(done >> 10, update.manifest.size >> 10):
                raise Refused("升级已取消；程序和台账都没有动")
    if found.hexdigest() != update.manifest.sha256:
        raise Refused(
            f"“{update.path.name}”里的安装包被改动过，或在U盘上读坏了。没有升级，台账没有动；"
            "请重新拷一份，再不行就向发放的人重新要"
        )


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    """The file, most often on a stick, which may be pulled out.

    Raises:
        StoreTrouble: when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE, "读不出升级文件", f"{path}读不出来（{reason_of(error)}）；程序和台账都没有动。",
            "请检查U盘是否插好，或把文件拷到本机再试。",
        ) from error  # fmt: skip


def _is_signed(text: bytes, signature: bytes, key: bytes) -> bool:
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(key).verify(_SIGNED + text, signature)
    except (CryptoError, ValueError):  # the latter: too short
        return False
    return True


def _forged(path: Path) -> Refused:
    return Refused(
        f"“{path.name}”的签名不对：文件被改动过，或者不是本单位认可的发布者签的。没有升级，台账没有动；"
        "请向发放的人重新要一份"
    )


def _parsed(path: Path, text: bytes) -> Manifest:
    """The manifest of a publisher, who may be newer than this program."""
    try:
        told = json.loads(text)
        manifest = Manifest(**{one.name: told[one.name] for one in fields(Manifest)})
        kinds = {one.name: int if one.type == "int" else str for one in fields(Manifest)}
        is_sound = all(type(getattr(manifest, name)) is kind for name, kind in kinds.items())
    except (ValueError, KeyError, TypeError):
        is_sound, manifest = False, None
    if manifest is None or not is_sound or not _is_sane(manifest):
        raise Refused(f"“{path.name}”里的说明这个版本读不懂。没有升级，台账没有动；请向发放的人要合适的升级文件")
    return manifest


def _is_sane(manifest: Manifest) -> bool:
    versions = all(_VERSION.fullmatch(one) for one in (manifest.version, manifest.minimum))
    told = named(manifest.package)
    is_named = told == (manifest.platform, manifest.arch, manifest.version)
    sizes = 0 < manifest.size <= MOST_PACKAGE and manifest.room >= 0
    return versions and is_named and sizes and re.fullmatch("[0-9a-f]{64}", manifest.sha256) is not None
