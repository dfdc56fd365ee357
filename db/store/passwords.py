"""Passwords and recovery codes as Argon2id hashes (RFC 9106, by libsodium), which is read when it is needed."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from db.errors import Refused

SHORTEST, LONGEST = 8, 128  # characters
_FREE_FAILURES = 5  # wrong passwords before one has to wait
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_GROUPS, _GROUP = 6, 4
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another; 24 of them are 120 bits
COST = _PASSES, _MEMORY = 3, 64 * 1024 * 1024  # RFC 9106 §4, second choice (64 MiB): some 0.15 s on the slowest target


def checked(password: str) -> str:
    """A password that may be used.

    Raises:
        Refused: when it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"口令要{SHORTEST}到{LONGEST}个字，现在是{len(password)}个；没有改动")
    return password


def wait_after(failures: int) -> timedelta:
    """How long one has to wait after so many wrong passwords."""
    if failures < _FREE_FAILURES:
        return timedelta()
    return min(_FIRST_WAIT * 2 ** (failures - _FREE_FAILURES), _LONGEST_WAIT)


def hashed(password: str) -> str:
    """The hash of a password, with its parameters and salt; takes some tenths of a second."""
    from nacl.pwhash import argon2id

    return argon2id.str(plain(password), _PASSES, _MEMORY).decode()


def matches(stored: str, password: str) -> bool:
    """Whether it is the password behind a hash; takes as long as making it."""
    from nacl.exceptions import InvalidkeyError
    from nacl.pwhash import verify

    try:
        return verify(stored.encode(), plain(password))
    except (InvalidkeyError, ValueError):
        return False


def new_code() -> str:
    """A recovery code, as it is printed: six groups of four letters and digits."""
    import secrets

    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def folded(code: str) -> str:
    """A recovery code as typed from paper: without blanks and dashes, in capitals."""
    narrow = unicodedata.normalize("NFKC", code).upper()
    return "".join(char for char in narrow if char in _LETTERS)


def derived(secret: bytes, salt: bytes, passes: int, memory: int) -> bytes:
    """A key of 32 bytes from a password, with its salt (16 bytes) and cost; takes some tenths of a second."""
    from nacl.pwhash import argon2id

    return argon2id.kdf(32, secret, salt, passes, memory)


def plain(password: str) -> bytes:
    """A password as it is hashed, however it was typed."""
    return unicodedata.normalize("NFKC", password).encode()
