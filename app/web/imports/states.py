"""The word and the colour that say where an import stands."""

from collections.abc import Mapping
from typing import NamedTuple

from app.core.i18n import N_
from app.purchases.import_schemas import ImportRow
from app.purchases.models import ImportState


class Standing(NamedTuple):
    """A state's label (msgid) and the kind of its tag."""

    label: str
    tag: str = ""


STANDINGS: Mapping[ImportState, Standing] = {
    ImportState.UPLOADED: Standing(N_("Columns to confirm"), "warn"),
    ImportState.CHECKING: Standing(N_("Being checked")),
    ImportState.CHECKED: Standing(N_("Waiting for your go"), "warn"),
    ImportState.IMPORTING: Standing(N_("Being imported")),
    ImportState.DONE: Standing(N_("Imported"), "ok"),
    ImportState.FAILED: Standing(N_("Could not be read"), "bad"),
    ImportState.CANCELLED: Standing(N_("Stopped")),
    ImportState.UNDOING: Standing(N_("Being undone")),
    ImportState.UNDONE: Standing(N_("Undone")),
}
NOTHING_NEW = Standing(N_("Nothing new"))
INTERRUPTED = Standing(N_("Interrupted"), "warn")


def import_standing(row: ImportRow) -> Standing:
    """Return how the state of an import is called: by its row, because a state may promise what does not come."""
    if row.interrupted:
        return INTERRUPTED
    return NOTHING_NEW if row.nothing_new else STANDINGS[row.state]
