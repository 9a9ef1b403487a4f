"""Passwords: made, hashed with Argon2id, checked in the same time whether the account exists or not."""

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
COMMON = frozenset({
    "password1234", "passwordpassword", "123456789012", "1234567890123", "qwertyuiopas", "qwertyqwerty",
    "aaaaaaaaaaaa", "111111111111", "000000000000", "abcdefghijkl", "iloveyou1234", "interviewdesk",
})  # fmt: skip


def random_password() -> str:
    """Return a password of four groups of five letters and digits, about 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _HASHER.hash(password)


def check_password(password_hash: str | None, password: str) -> bool:
    """Tell whether the password fits; without an account the same work is done and the answer is no."""
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_weak(password: str, *, context: tuple[str, ...]) -> bool:
    """Tell whether a password is common, one repeated pattern, or made of the account's own words."""
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) < 4:
        return True
    rest = folded
    for word in sorted((w.casefold() for w in context if len(w) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(folded) - len(folded) // 2


def new_token() -> str:
    """Return a session token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
