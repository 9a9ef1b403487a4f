"""The migrations as the product runs them."""

import app.models  # noqa: F401 - fills the metadata
from app.cli.db import upgrade_database
from app.core.database import make_engine
from app.core.settings import Settings


def upgrade(settings: Settings) -> None:
    """Bring an empty or older app store to the newest schema."""
    engine = make_engine(settings)
    try:
        upgrade_database(settings, engine=engine)
    finally:
        engine.dispose()
