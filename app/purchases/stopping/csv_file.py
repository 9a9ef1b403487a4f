"""Stop points as CSV: one row a point, reasons in one cell."""

from collections.abc import Iterable
from datetime import date

from app.core.csv_text import CsvFile, csv_file
from app.core.i18n import N_, Translator
from app.purchases.classes import KIND_LABELS
from app.purchases.stopping.schemas import StopRow
from app.purchases.stopping.words import ENDING_LABELS

HEADINGS = (
    N_("Product"), N_("Kind"), N_("Which order"), N_("How they stopped"), N_("People"), N_("Came that far"), N_("Still have time"),
    N_("Share in percent"), N_("Usually known after (days)"), N_("Reason given to the shop"), N_("other reasons"), N_("not given"),
)  # fmt: skip


def stop_points_csv(rows: Iterable[StopRow], as_of: date | None, t: Translator) -> CsvFile:
    """Return the file of these rows."""
    return csv_file(
        (t(heading) for heading in HEADINGS),
        (
            (
                row.product, t(KIND_LABELS[row.kind]), row.nth, t(ENDING_LABELS[row.ending]), row.people, row.reached,
                row.waiting, f"{row.share * 100:.1f}", row.usual_days, t.join(f"{one.reason} {one.people}" for one in row.reasons),
                row.rarer_reasons, row.no_reason,
            )
            for row in rows
        ),
        as_of,
        t,
    )  # fmt: skip
