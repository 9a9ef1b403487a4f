"""Columns of the file of people, by names with commas between: for those who write them and do not tick them."""

from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.segments.csv_file import COLUMNS, Column, chosen_columns

NO_SUCH = N_("There is no column called {name}. Columns: {columns}.")


def columns_in(text: str) -> tuple[Column, ...]:
    """Return the columns of a text in the order of the file, the usual ones where it is empty.

    Raises:
        AppError: a name is no column.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [one.name for one in COLUMNS]
    for name in names:
        if name not in known:
            raise AppError("no_column", NO_SUCH, name=name[:64], columns=", ".join(known))
    return chosen_columns(names)
