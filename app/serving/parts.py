"""What routes may use, put together once by `app.main`."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

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
