"""What the small company has set for products, the events it noted, and a survey it typed in."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.purchases.catalogue import operations
from app.purchases.catalogue.models import EventKind, ProductKind
from app.purchases.catalogue.names import Named, proposals
from app.purchases.catalogue.schemas import EventInput, ProductEdit
from app.purchases.scoring import operations as surveys
from app.purchases.scoring.inputs import SurveyInput
from tests.support.moment import NOW

if TYPE_CHECKING:
    from tests.support.world import World

SHOP = "本店"
SERUM = ("あまみず 美容液 30mL", "あまみず 美容液 詰替用")


def add_catalogue(session: Session, world: "World", actor: Actor) -> None:
    """Set one product, keep two apart, note a price change and a customer's inquiry, type a survey in."""
    edit = ProductEdit(source=SHOP, product_code="AM-S30", kind=ProductKind.SINGLE, days_per_unit=30)
    operations.set_product(session, edit=edit, actor=actor, now=NOW)
    (proposal,) = proposals(Named((SHOP, f"X-{at}", ""), name, 1) for at, name in enumerate(SERUM))
    answer = operations.decline(session, proposal=proposal, actor=actor, now=NOW)
    price = EventInput(happened_on=date(2026, 4, 1), kind=EventKind.PRICE_CHANGE, note="本体を8%値上げ")
    event = operations.add_event(session, data=price, actor=actor, now=NOW)
    asked = EventInput(
        happened_on=date(2026, 9, 3), kind=EventKind.INQUIRY, source=SHOP, customer_id="CAN70000",
        note="金糸雀さんから。使う順番について",
    )  # fmt: skip
    operations.add_event(session, data=asked, actor=actor, now=NOW)
    gone = operations.add_event(session, data=price, actor=actor, now=NOW)
    operations.delete_event(session, event_id=gone.public_id, actor=actor, now=NOW)
    said = SurveyInput(
        name="認知調査", surveyed_on=date(2026, 9, 1), asked=1000, aware=400, unaware=480, aware_wanting=60
    )
    survey = surveys.add_survey(session, data=said, actor=actor, now=NOW)
    world.ids |= {"product_answer": answer.public_id, "event": event.public_id, "layer_survey": survey.public_id}
