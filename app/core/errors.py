"""Faults that a person can mend, raised anywhere and told once at each entry point."""


class AppError(Exception):
    """A fault with a stable code, an HTTP status and one sentence for people.

    `message` is an English msgid marked with `N_()`; `params` fill its named placeholders.
    Entry points translate it: page, partial, problem+json, exit code.
    """

    default_status = 422

    def __init__(self, code: str, message: str, *, status: int | None = None, **params: object) -> None:
        """Keep the parts; nothing is translated here."""
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status or self.default_status
        self.params = params

    def __str__(self) -> str:
        """Return the English sentence, for logs of tests and the command line."""
        said = {
            name: ", ".join(map(str, value)) if isinstance(value, list) else value
            for name, value in self.params.items()
        }
        return self.message.format(**said)


class NotFound(AppError):
    """What was asked for is not there, or not for this person."""

    default_status = 404


class Forbidden(AppError):
    """This role may not do it."""

    default_status = 403


class Conflict(AppError):
    """Somebody or something else came first."""

    default_status = 409
