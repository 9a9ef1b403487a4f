import pytest
from sqlalchemy import Engine

from app.core.settings import Settings
from tests.purchases.build import Shop, make_shop


@pytest.fixture
def shop(settings: Settings, engine: Engine) -> Shop:
    return make_shop(settings, engine)
