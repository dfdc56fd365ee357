"""Encrypted files of attachments: read and written as streams, in chunks that each prove that nothing was altered.

A file begins with a mark, the name of its key and the stream's header; then follow the chunks of libsodium's
secretstream (XChaCha20-Poly1305), the last of them marked as the last, so that a file cut short is found out.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from db.store.keys import DataKey, ring

MARK = b"FAZHI\x00S1"
_NAME, _HEADER, _TAG = 8, 24, 17  # bytes: the key's name, the stream's header, what a chunk grows by
_CHUNK = 1 << 18  # bytes


class Unopened(OSError):
    """An encrypted file cannot be read: its key was not unlocked, or it was altered or cut short."""


def key_name(path: Path) -> str:
    """The name of the key that a file is encrypted with; empty for a plain one.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(len(MARK) + _NAME)
    return start[len(MARK) :].hex() if start.startswith(MARK) else ""


@contextmanager
def opened(path: Path) -> Generator[IO[bytes]]:
    """The content of a file for reading, whether it is encrypted or not.

    Raises:
        OSError: when it cannot be read; `Unopened` when it is encrypted and cannot be made out.
    """
    with path.open("rb") as file:
        start = file.read(len(MARK))
        if start == MARK:
            yield _Reader(file)  # type: ignore[misc]  it has the one method that is asked for
        else:
            file.seek(0)
            yield file


class Writer:
    """Writes a file in chunks as `write` is given them, encrypted when there is a key; `finish` writes the last."""

    def __init__(self, file: IO[bytes], key: DataKey | None) -> None:
        self._file, self._state, self._held = file, None, bytearray()
        if key is not None:
            from nacl import bindings

            self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
            header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key.files)
            file.write(MARK + bytes.fromhex(key.name) + header)

    def write(self, content: bytes) -> None:
        """Take some more of the content."""
        if self._state is None:
            self._file.write(content)
            return
        self._held += content
        while len(self._held) > _CHUNK:
            self._push(bytes(self._held[:_CHUNK]), last=False)
            del self._held[:_CHUNK]

    def finish(self) -> None:
        """That was all."""
        if self._state is not None:
            self._push(bytes(self._held), last=True)

    def _push(self, chunk: bytes, last: bool) -> None:
        from nacl import bindings as sodium

        assert self._state is not None
        tag = (
            sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        self._file.write(sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, None, tag))


class _Reader:
    """Reads an encrypted file from behind its mark on."""

    def __init__(self, file: IO[bytes]) -> None:
        from nacl import bindings

        name, header = file.read(_NAME).hex(), file.read(_HEADER)
        key = ring.named(name)
        if key is None:
            raise Unopened(None, "加了密，它的密钥不在")
        if len(header) != _HEADER:
            raise Unopened(None, "不完整")
        self._file, self._left, self._is_done = file, io.BytesIO(), False
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key.files)

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; all when `size` is negative; b"" at the end.

        Raises:
            Unopened: when what is read was altered or cut short.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        while not (found := self._left.read(size)) and not self._is_done and size:
            self._left = io.BytesIO(self._pull())
        return found

    def _pull(self) -> bytes:
        from nacl import bindings as sodium
        from nacl.exceptions import CryptoError

        chunk = self._file.read(_CHUNK + _TAG)
        try:
            content, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(self._state, chunk)
        except CryptoError as error:
            raise Unopened(None, "被改动过或不完整") from error
        self._is_done = tag == sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        return content
