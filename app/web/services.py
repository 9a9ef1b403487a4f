"""What routes may use, put together once by `app.main`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Engine
from starlette.requests import Request

from app.core.clock import Clock
from app.core.settings import Settings
from app.language.client import LanguageClient
from app.purchases.store import OrdersStore


@dataclass(frozen=True)
class Services:
    """One process's parts."""

    settings: Settings
    engine: Engine
    orders: OrdersStore
    language: LanguageClient
    clock: Clock
    enqueue: Callable[[str, str], object]


def services(request: Request) -> Services:
    """Return the parts of the running application."""
    return cast("Services", request.app.state.services)
