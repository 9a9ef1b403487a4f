"""Stop points as CSV: one row a point, reasons in one cell, nothing in it can run as a formula."""

import csv
import io
from collections.abc import Iterable

from app.core.i18n import N_, Translator
from app.purchases.classes import KIND_LABELS
from app.purchases.segments.csv_file import RISKY
from app.purchases.stopping.schemas import StopRow
from app.purchases.stopping.words import ENDING_LABELS

HEADINGS = (
    N_("Product"), N_("Kind"), N_("Which order"), N_("How they stopped"), N_("People"), N_("Came that far"), N_("Still have time"),
    N_("Share in percent"), N_("Usually known after (days)"), N_("Reason given to the shop"), N_("other reasons"), N_("not given"),
)  # fmt: skip


def stop_points_csv(rows: Iterable[StopRow], t: Translator) -> str:
    """Return the file, with a mark that lets spreadsheets read Japanese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([t(heading) for heading in HEADINGS])
    for row in rows:
        reasons = t.join(f"{one.reason} {one.people}" for one in row.reasons)
        writer.writerow([
            _inert(row.product), t(KIND_LABELS[row.kind]), row.nth, t(ENDING_LABELS[row.ending]), row.people, row.reached,
            row.waiting, f"{row.share * 100:.1f}", row.usual_days, _inert(reasons), row.rarer_reasons, row.no_reason,
        ])  # fmt: skip
    return "\ufeff" + out.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
