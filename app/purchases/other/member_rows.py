"""One row of a member file: whom it is about, how to reach them, and what is kept of them as attributes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.i18n import N_
from app.purchases.files.values.dates import DateColumn
from app.purchases.other import member_values as values
from app.purchases.other.member_columns import CONTACT, KEPT
from app.purchases.other.prefectures import prefecture
from app.purchases.other.small_table import Cells, RowHeld

NO_KEY = N_("The row has no member number, mail address, or phone number with a name, so it belongs to nobody.")
KEY_TOO_LONG = N_("The member number is longer than 255 characters.")
UNREADABLE = {
    "sex": N_("The sex is not one we can read."),
    "birth_date": N_("The date of birth is not a date we can read."),
    "birth_year": N_("The year of birth is not a year we can read."),
    "birth_month": N_("The month of birth is not a month we can read."),
    "age": N_("The age is not a number of years."),
    "age_band": N_("The age group is not ten years we can read."),
    "prefecture": N_("The prefecture is not one of the 47; write “abroad” for other countries."),
    "mail_refused": N_("The cell does not tell whether the member refuses mail."),
}
LONGEST_KEY, LONGEST_VALUE, LONGEST_NAME = 255, 200, 60
EPOCH = date(1970, 1, 1)
NO_DAY = ("0000-00-00", "0000-00-00 00:00:00")
Attributes = tuple[tuple[str, str], ...]
Meaning = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Member:
    """One member: the cells its key is made of, contact data in the order of CONTACT, attributes by name."""

    customer_key: str
    contact: tuple[str, ...]
    attributes: Attributes


class MemberParser:
    """Reads the cells of one row; `newest` is the latest year of birth that can be, `made_on` the day of the file if known."""

    def __init__(self, columns: Mapping[str, str], *, dates: DateColumn, newest: int, made_on: date | None) -> None:
        """Keep what every row is read with."""
        self._columns = columns
        self._dates = dates
        self._newest = newest
        self._made_on = made_on
        self._further = tuple((name, name.removeprefix(KEPT)) for name in columns if name.startswith(KEPT))

    def __call__(self, cells: Cells) -> Member:
        """Return the member of a row.

        Raises:
            RowHeld: nobody is named, or a cell cannot be read.
        """
        key = cells.get("customer_key", "")
        if len(key) > LONGEST_KEY:
            raise RowHeld("customer_key", KEY_TOO_LONG)
        contact = tuple(cells.get(name, "") for name in CONTACT)
        if not (key or cells.get("email") or (cells.get("phone") and cells.get("customer_name"))):
            raise RowHeld("customer_key", NO_KEY)
        return Member(key, contact, self._attributes(cells))

    def _attributes(self, cells: Cells) -> Attributes:
        found = {
            "sex": self._read("sex", values.sex, cells),
            **self._born(cells),
            "prefecture": self._read("prefecture", prefecture, cells),
            "occupation": cells.get("occupation", "")[:LONGEST_NAME],
            "mail_refused": self._mail(cells),
            "member_status": cells.get("member_status", "")[:LONGEST_NAME],
        }
        found |= {attribute: cells[name][:LONGEST_VALUE] for name, attribute in self._further}
        return tuple((name, value) for name, value in found.items() if value)

    def _read(self, name: str, meaning: Meaning, cells: Cells) -> str:
        text = cells.get(name, "")
        if not text:
            return ""
        meant = meaning(text)
        if meant is None:
            raise RowHeld(name, UNREADABLE[name])
        return str(meant)

    def _born(self, cells: Cells) -> dict[str, str]:
        """Return year and month of birth, or a year by the age on the file's day, or ten years of age."""
        text = cells.get("birth_date", "")
        if text and text not in NO_DAY:
            day = self._day(text)
            return {"birth_year": str(day.year), "birth_month": str(day.month)}
        year = self._read("birth_year", lambda cell: values.birth_year(cell, newest=self._newest), cells)
        band = self._read("age_band", values.age_band, cells)
        years = self._read("age", values.age, cells)
        if years and not year:
            year = str(self._made_on.year - int(years)) if self._made_on else ""
            band = band or str(int(years) // 10 * 10)
        month = self._read("birth_month", values.birth_month, cells)
        return {"birth_year": year, "birth_month": month, "age_band": "" if year else band}

    def _day(self, text: str) -> date:
        micros = self._dates.micros(text)
        day = None if micros is None else EPOCH + timedelta(microseconds=micros)
        if day is None or not self._newest - values.OLDEST <= day.year <= self._newest:
            raise RowHeld("birth_date", UNREADABLE["birth_date"])
        return day

    def _mail(self, cells: Cells) -> str:
        header = self._columns.get("mail_refused", "")
        refused = self._read("mail_refused", lambda text: values.refuses_mail(text, header), cells)
        return {"True": "yes", "False": "no"}.get(refused, "")
