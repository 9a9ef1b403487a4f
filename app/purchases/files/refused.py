"""One fault for a whole file that cannot be taken: a code and one sentence."""

from app.core.errors import AppError


class FileRefused(AppError):
    """Nothing of the file was kept; the sentence says what is wrong and, where it can, on which line."""
