"""Bringing the figures up to what is set for products: once for many edits."""

from app.core.database import read_session, write_session
from app.jobs.schemas import JobServices
from app.purchases.catalogue.queries import products_waiting
from app.purchases.operations import purchase_settings
from app.purchases.tasks import run_rebuild


def run_products(services: JobServices, public_id: str = "") -> None:
    """Build the figures anew unless they are newer than the last edit; a killed run leaves the old ones."""
    del public_id
    with read_session(services.engine) as session:
        edited = products_waiting(session)
    if edited is None:
        return
    run_rebuild(services)
    with write_session(services.engine) as session:
        purchase_settings(session).products_built_at = edited
