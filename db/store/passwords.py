"""Passwords and recovery codes as Argon2id hashes (RFC 9106, by libsodium), which is read when it is needed."""

from __future__ import annotations

import unicodedata

from db.errors import Refused

SHORTEST, LONGEST = 8, 128  # characters
_GROUPS, _GROUP = 6, 4
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another; 24 of them are 120 bits
_PASSES, _MEMORY = 3, 64 * 1024 * 1024  # RFC 9106 §4, second choice (64 MiB): some 0.15 s on the slowest target


def checked(password: str) -> str:
    """A password that may be used.

    Raises:
        Refused: when it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"口令要{SHORTEST}到{LONGEST}个字，现在是{len(password)}个；没有改动")
    return password


def hashed(password: str) -> str:
    """The hash of a password, with its parameters and salt; takes some tenths of a second."""
    from nacl.pwhash import argon2id

    return argon2id.str(_plain(password), _PASSES, _MEMORY).decode()


def matches(stored: str, password: str) -> bool:
    """Whether it is the password behind a hash; takes as long as making it."""
    from nacl.exceptions import InvalidkeyError
    from nacl.pwhash import verify

    try:
        return verify(stored.encode(), _plain(password))
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


def _plain(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode()
