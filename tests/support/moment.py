"""The moment at which every test world lives."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
