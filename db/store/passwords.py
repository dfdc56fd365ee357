"""Passwords and recovery codes as Argon2id hashes (RFC 9106, by libsodium), which is read when it is needed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from db.errors import Refused
from db.resources import rows_of

_DOUBLINGS = 20  # of the wait, then it is long enough for any limit
_GROUPS, _GROUP = 6, 4
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another; 24 of them are 120 bits
_LIMITS = "accounts/passwords.csv"


@dataclass(frozen=True)
class Limits:
    """What a hash costs (`memory` in bytes), how long passwords are (characters), and the waits after wrong ones."""

    passes: int
    memory: int
    shortest: int
    longest: int
    free_failures: int
    first_wait: timedelta
    longest_wait: timedelta


@cache
def limits() -> Limits:
    """The limits as they are bundled; a hash carries the cost at which it was made."""
    said = {row["name"]: int(row["value"]) for row in rows_of(_LIMITS)}
    return Limits(
        said["passes"], said["memory_mib"] << 20, said["shortest"], said["longest"], said["free_failures"],
        timedelta(minutes=said["first_wait_minutes"]), timedelta(minutes=said["longest_wait_minutes"]),
    )  # fmt: skip


def checked(password: str) -> str:
    """A password that may be used.

    Raises:
        Refused: when it is too short or too long.
    """
    of = limits()
    if not of.shortest <= len(password) <= of.longest:
        raise Refused(f"口令要{of.shortest}到{of.longest}个字，现在是{len(password)}个；没有改动")
    return password


def wait_after(failures: int) -> timedelta:
    """How long one has to wait after so many wrong passwords."""
    of = limits()
    if failures < of.free_failures:
        return timedelta()
    return min(of.first_wait * 2 ** min(failures - of.free_failures, _DOUBLINGS), of.longest_wait)


def hashed(password: str) -> str:
    """The hash of a password, with its parameters and salt; takes some tenths of a second."""
    from nacl.pwhash import argon2id

    return argon2id.str(plain(password), limits().passes, limits().memory).decode()


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
