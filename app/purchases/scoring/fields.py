"""What surveys say, as conditions that people can be chosen by."""

from typing import TYPE_CHECKING

from app.core.i18n import N_
from app.purchases.scoring import answers
from app.purchases.scoring.survey_words import INTENTION_LABELS, NO, UNDECIDED, YES
from app.purchases.segments.fields import AMONG, Field, Test, add_field, add_relation
from app.purchases.segments.values import Value
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RELATION = "answers"


def intention(values: tuple[Value, ...]) -> Test:
    """Return whether somebody's newest answer to the question of intention is one of these."""
    marks = ", ".join("?" * len(values))
    return Test(AMONG.format(those=f"answers WHERE intention IN ({marks})"), values)


def _take(connection: "DuckDBPyConnection", store: OrdersStore, version: str) -> None:
    answers.take(connection, store.answers_path(version))


add_relation(RELATION, _take)
add_field(
    Field(
        "intention", N_("Next-purchase intention"), "choice", N_("next-purchase intention: {value}"), intention,
        choices={key: INTENTION_LABELS[key] for key in (YES, UNDECIDED, NO)}, needs=RELATION,
    )
)  # fmt: skip
