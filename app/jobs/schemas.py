"""What background work is handed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from app.core.clock import Clock
from app.core.settings import Settings


@dataclass(frozen=True)
class JobServices:
    """The parts a job may use; `orders` and `language` are typed by the stage that reads them."""

    settings: Settings
    engine: Engine
    clock: Clock
    orders: Any
    language: Any


JobFunction = Callable[[JobServices, str], object]
