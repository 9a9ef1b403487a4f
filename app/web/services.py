"""The parts of the running application, by way of a request."""

from typing import cast

from starlette.requests import Request

from app.serving.parts import Services

__all__ = ["Services", "services"]


def services(request: Request) -> Services:
    """Return the parts of the running application."""
    return cast("Services", request.app.state.services)
