"""Every setting of the product, in one frozen object read from the environment (prefix `N1_`)."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """Settings with their defaults; `docs/settings.md` lists them for operators."""

    model_config = SettingsConfigDict(env_prefix="N1_", frozen=True, extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    web_processes: int = Field(default=2, ge=1, le=32)
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    trusted_proxies: str = ""
    locale: Literal["ja", "en"] = "ja"
    timezone: str = "Asia/Tokyo"
    upload_limit_mb: int = Field(default=1024, ge=1)
    session_idle_minutes: int = Field(default=30, ge=5)
    session_hours: int = Field(default=12, ge=1)
    duckdb_memory: str = "900MB"
    duckdb_threads: int = Field(default=2, ge=1)
    language_timeout: float = Field(default=2.0, gt=0)
    deck_font: str = "Yu Gothic"
    deck_voice_font: str = "Yu Mincho"
    reference_data: Path | None = None

    @property
    def app_database_url(self) -> str:
        """SQLAlchemy URL of the app store; a SQLite file below `home` unless one is set."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'app.sqlite3'}"

    @property
    def orders_dir(self) -> Path:
        """Folder of the orders store."""
        return self.home / "orders"

    @property
    def uploads_dir(self) -> Path:
        """Folder of uploads that wait for their check; emptied after each import."""
        return self.home / "uploads"

    @property
    def queue_path(self) -> Path:
        """SQLite file of the background queue."""
        return self.home / "queue.sqlite3"

    @property
    def secret_path(self) -> Path:
        """File of the random key behind customer references; made at the first start."""
        return self.home / "secret.key"

    @property
    def language_socket(self) -> Path:
        """Unix socket of the language process."""
        return self.home / "language.sock"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    def public_view(self) -> dict[str, str]:
        """Return every setting as text, with passwords inside URLs blanked."""
        shown = {f"N1_{name.upper()}": str(value) for name, value in self.model_dump().items()}
        if "@" in shown["N1_DATABASE_URL"]:
            scheme, _, rest = shown["N1_DATABASE_URL"].partition("://")
            shown["N1_DATABASE_URL"] = f"{scheme}://***@{rest.rpartition('@')[2]}"
        return shown
