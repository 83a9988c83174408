"""Secrets that a browser holds, and what is kept of them: decides that the store never holds one that would let in."""

import hashlib
import hmac
import secrets


FORM = b"a form of these pages"


def new_token() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def mark_of(token: str) -> str:
    """What is kept of a token: enough to know it again."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(held: str) -> str:
    """What the forms carry of a browser that holds the secret `held`; it does not tell the secret."""
    return hmac.new(held.encode(), FORM, hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(given.encode(), wanted.encode())
