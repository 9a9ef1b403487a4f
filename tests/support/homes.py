"""Homes filled once and copied from then on: an import costs most of a second, a copy of what it left next to nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

from app.core.database import make_engine
from app.core.settings import Settings
from tests.purchases.build import Shop, make_shop


class Homes:
    """One kept copy for every function that fills a shop; what it does must hang on its arguments alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, settings: Settings, fill: Callable[..., object], *given: object) -> None:
        """Bring an empty home that nobody opened yet to where `fill(shop, *given)` leads; on PostgreSQL without a copy."""
        kept = self.folder / "-".join((fill.__module__, fill.__qualname__, *map(str, given)))
        if kept.exists() and not settings.database_url:
            shutil.copytree(kept, settings.home, dirs_exist_ok=True)
            return
        engine = make_engine(settings)
        shop: Shop = make_shop(settings, engine)
        fill(shop, *given)
        engine.dispose()
        if not settings.database_url:
            shutil.copytree(settings.home, kept)
