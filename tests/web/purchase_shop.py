"""A running application with one signed-in person, whose background jobs run at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.testclient import TestClient

from app.accounts import operations as accounts
from app.accounts.schemas import NewUser, Role
from app.core.database import write_session
from app.core.settings import Settings
from app.main import JOBS, create_app, make_job_services
from app.web.security import COOKIE
from app.web.services import Services
from tests.support.moment import NOW

HEADER = "注文番号,受注日,顧客番号,商品名,個数,金額,氏名\r\n"
COLUMNS = {
    "order_id": "注文番号", "ordered_at": "受注日", "customer_key": "顧客番号", "product_name": "商品名", "quantity": "個数",
    "line_amount": "金額", "customer_name": "氏名",
}  # fmt: skip
PASSWORD = "ruri-bitaki-hiyodori-42"


@dataclass
class Shop:
    """The client and what stands behind it; `waiting` holds jobs while `hold` is set."""

    client: TestClient
    settings: Settings
    services: Services
    waiting: list[tuple[str, str]]
    first_import: str = ""

    def page(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, response.text[:500]
        return response.text

    def upload(self, content: bytes, *, source: str = "本店", name: str = "受注.csv") -> str:
        """Upload a file and return the path of its page."""
        response = self.client.post(
            "/purchases/imports", data={"source": source}, files={"file": (name, content, "text/csv")}
        )
        assert response.status_code == 303, response.text[:500]
        return str(response.headers["location"])

    def post(self, path: str, data: dict[str, str] | None = None, status: int = 303) -> str:
        response = self.client.post(path, data=data or {})
        assert response.status_code == status, response.text[:500]
        return response.text

    def import_file(self, content: bytes, *, source: str = "本店", **more: str) -> str:
        """Take a file in with the columns of `HEADER` and `more`; return the path of its page."""
        path = self.upload(content, source=source)
        self.post(f"{path}/mapping", columns(**more))
        self.post(f"{path}/confirm")
        return path


def columns(**more: str) -> dict[str, str]:
    """Return the mapping form for `HEADER`."""
    return {f"col_{name}": header for name, header in COLUMNS.items()} | {"action": "check"} | more


def row(
    *, number: int, day: str = "2026/09/10", customer: str = "C1", product: str = "美容液", amount: str = "3960"
) -> str:
    """Return one line of an order file."""
    return f"{number},{day},{customer},{product},1,{amount},金糸雀 花子\r\n"


def order_file(*rows: str) -> bytes:
    """Return an order file as a Japanese Excel writes it."""
    return (HEADER + "".join(rows)).encode("cp932")


@contextmanager
def open_shop(settings: Settings, *, role: Role = Role.RESEARCHER) -> Iterator[Shop]:
    """Yield a shop for a person of this role."""
    parts = make_job_services(settings, clock=lambda: NOW)
    with write_session(parts.engine) as session:
        accounts.create_user(
            session, data=NewUser(login="person", display_name="佐伯", role=role), now=NOW, password=PASSWORD
        )
        signed_in = accounts.sign_in(session, login="person", password=PASSWORD, address="127.0.0.1", now=NOW)
    assert signed_in is not None
    waiting: list[tuple[str, str]] = []
    services = Services(
        settings=settings, engine=parts.engine, orders=parts.orders, language=parts.language, clock=parts.clock,
        enqueue=lambda name, public_id: JOBS[name](parts, public_id) if not waiting else waiting.append((name, public_id)),
    )  # fmt: skip
    with TestClient(create_app(services=services), base_url="https://testserver", follow_redirects=False) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.headers["Cookie"] = f"{COOKIE}={signed_in.token}"
        yield Shop(client=client, settings=settings, services=services, waiting=waiting)
