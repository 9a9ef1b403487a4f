"""The key that locks unsaved text in the interviewer's browser; it is handed out with the live screen only."""

import base64
import hashlib
import hmac


def draft_key(secret: bytes, *, user_id: str, interview_id: str) -> str:
    """Return an AES-256 key, base64, the same for one user and one interview on one installation.

    Without signing in as that user again nobody can read what the browser kept.
    """
    digest = hmac.digest(secret, f"draft\0{user_id}\0{interview_id}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode("ascii")
