"""Decrypts the pages of a damaged encrypted ledger one by one, so that it can be read as any damaged ledger is.

A page of SQLCipher 4 is its content in AES-256-CBC, then the initialisation vector and an HMAC-SHA512 over both and the
number of the page (https://www.zetetic.net/sqlcipher/design/). Which pages are whole is told here by their HMAC. The
decryption is left to SQLCipher itself, which only knows whole databases: the blocks are put into the rows of a database
made for it. In CBC a block depends on the one before alone, so behind a spoilt block the others come out as they were.
"""

from __future__ import annotations

import hashlib
import hmac
import mmap
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from db.store.connecting import connect
from db.store.keys import DataKey
from db.store.places import MAGIC

PAGE, RESERVED = 4096, 80  # bytes of a page, and of these what SQLCipher keeps for itself
Progress = Callable[[int, int], object]

_BLOCK, _VECTOR = 16, 16
_USABLE = PAGE - RESERVED
_SALT, _SALT_MASK, _PASSES = 16, 0x3A, 2  # of the key of the HMAC, which follows from the file's first 16 bytes
_LOCAL = (_USABLE - 12) * 32 // 255 - 23  # bytes of a long row on the leaf itself ("Database File Format", 1.6)
_PIECE = _USABLE - 4  # bytes of a row on an overflow page, behind the number of the next one
_HEADER = 5  # bytes before the value of a row that is one blob of 2 MB or more
_CARRIERS = 1024  # overflow pages of the carrying row; two carry a page
_FIRST = 3  # the page with which they begin
_CARRIED = _USABLE // _BLOCK - 2  # blocks on one of them, behind its own and the spoilt one


class SealedPages:
    """The pages of an encrypted file. `is_checked` is False when no page has a right HMAC: its head is gone."""

    def __init__(self, path: Path, key: DataKey, scratch: Path) -> None:
        """`scratch`: a file of 4 MB to work with, which the caller removes."""
        self._key, self._scratch = key, scratch
        self._file = path.open("rb")
        size = path.stat().st_size
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self.pages = size // PAGE
        self._proof = _proof(key, bytes(self._bytes[:_SALT]))
        self.is_checked = any(self._is_whole(number) for number in range(1, self.pages + 1))
        self.lost = int(size % PAGE > 0)
        """Pages that were altered or cut short."""

    def close(self) -> None:
        """Close the file."""
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    def write_plain(self, target: Path, progress: Progress) -> None:
        """Write what could be decrypted to a file, page for page; a lost page is all zeros. `progress` may raise."""
        carrier = _carrier(self._scratch, self._key)
        with target.open("wb") as plain:
            for first in range(1, self.pages + 1, _CARRIERS // 2):
                numbers = range(first, min(first + _CARRIERS // 2, self.pages + 1))
                progress(first, self.pages)
                for page in self._decrypted(carrier, numbers):
                    plain.write(page)

    def _page(self, number: int) -> bytes:
        return bytes(self._bytes[(number - 1) * PAGE : number * PAGE])

    def _is_whole(self, number: int) -> bool:
        page = self._page(number)
        content = page[_SALT if number == 1 else 0 : _USABLE + _VECTOR]
        return hmac.compare_digest(_mac(self._proof, content, number), page[_USABLE + _VECTOR :])

    def _decrypted(self, carrier: bytes, numbers: Sequence[int]) -> Iterator[bytes]:
        read = [number for number in numbers if not self.is_checked or self._is_whole(number)]
        self.lost += len(numbers) - len(read)
        plain = dict(zip(read, self._carried(carrier, read), strict=True)) if read else {}
        for number in numbers:
            page = plain.get(number, b"")
            yield (MAGIC + page if number == 1 and page else page).ljust(PAGE, b"\x00")

    def _carried(self, carrier: bytes, numbers: Sequence[int]) -> Iterator[bytes]:
        """The plain content of these pages: their blocks are carried through SQLCipher, two overflow pages for each."""
        proof = _proof(self._key, carrier[:_SALT])
        made = bytearray(carrier)
        cut = _CARRIED * _BLOCK
        for at, number in enumerate(numbers):
            page = self._page(number)
            sealed = page[_USABLE : _USABLE + _VECTOR] + page[_SALT if number == 1 else 0 : _USABLE]
            for half, blocks in enumerate((sealed[: cut + _BLOCK], sealed[cut:])):
                _load(made, proof, _FIRST + 2 * at + half, blocks)
        self._scratch.write_bytes(made)
        with closing(connect(self._scratch, key=self._key)) as connection:
            row: bytes = connection.execute("SELECT content FROM carried").fetchone()[0]
        begin = _LOCAL - _HEADER + 2 * _BLOCK - 4  # behind the blocks of an overflow page that carry nothing
        for at, number in enumerate(numbers):
            first = begin + 2 * at * _PIECE
            rest = _USABLE - (_SALT if number == 1 else 0) - cut
            yield row[first : first + cut] + row[first + _PIECE : first + _PIECE + rest]


def _proof(key: DataKey, salt: bytes) -> bytes:
    """The key of a file's HMACs."""
    masked = bytes(byte ^ _SALT_MASK for byte in salt)
    return hashlib.pbkdf2_hmac("sha512", key.database, masked, _PASSES, len(key.database))


def _mac(proof: bytes, content: bytes, number: int) -> bytes:
    return hmac.digest(proof, content + struct.pack("<I", number), "sha512")


def _load(made: bytearray, proof: bytes, number: int, blocks: bytes) -> None:
    """Put blocks behind the first one of an overflow page, which names the next, and prove the page anew."""
    start, end = (number - 1) * PAGE, number * PAGE
    made[start + _BLOCK : start + _BLOCK + len(blocks)] = blocks
    vouched = start + _USABLE + _VECTOR
    made[vouched:end] = _mac(proof, bytes(made[start:vouched]), number)


def _carrier(path: Path, key: DataKey) -> bytes:
    """An encrypted database with one long row, whose overflow pages lie one behind the other.

    Raises:
        RuntimeError: when SQLCipher lays it out in another way.
    """
    path.unlink(missing_ok=True)
    with closing(connect(path, key=key, isolation_level=None)) as connection:
        for pragma in (f"page_size = {PAGE:d}", "auto_vacuum = NONE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("CREATE TABLE carried (content BLOB)")
        connection.execute("INSERT INTO carried VALUES (zeroblob(?))", (_LOCAL + _CARRIERS * _PIECE - _HEADER,))
    content = path.read_bytes()
    if len(content) != (_FIRST - 1 + _CARRIERS) * PAGE:
        raise RuntimeError(f"SQLCipher laid {_CARRIERS} pages out as {len(content)} bytes")
    return content
