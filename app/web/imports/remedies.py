"""What a person can do about a file that was refused: a sentence, and the one control that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import N_
from app.web.forms import FieldError

CODE = "code"


@dataclass(frozen=True)
class Remedy:
    """Advice (msgid) and the name of the field that mends it; both may be empty."""

    advice: str = ""
    control: str = ""


HOW_DATES = Remedy(N_("The columns you chose stay as they are."), "date_order")
REMEDIES: Mapping[str, Remedy] = {
    "encoding_unreadable": Remedy(N_("Choose another encoding: Japanese shop systems mostly write Shift_JIS."), "encoding"),
    "encoding_unknown": Remedy("", "encoding"),
    "dates_mixed": HOW_DATES,
    "dates_unsure": HOW_DATES,
    "currency_differs": Remedy(N_("Choose the right currency below, or upload the file under another source."), "currency"),
    "sheet_missing": Remedy(N_("Choose the sheet with the orders."), "sheet"),
    "xlsx_password": Remedy(N_("In Excel: File, Info, Protect Workbook, Encrypt with Password; empty the field and save.")),
    "zip_several": Remedy(N_("Each file becomes an import of its own; their order does not matter.")),
    "header_only": Remedy(N_("Export it again with a longer period, and look whether the shop system found any orders.")),
    "file_empty": Remedy(N_("Export the file again from the shop system; the download may have broken off.")),
    "gzip_broken": Remedy(N_("Export the file again from the shop system; the download may have broken off.")),
    "zip_broken": Remedy(N_("Export the file again from the shop system; the download may have broken off.")),
    "quotes_broken": Remedy(N_("Open the file in a text editor at that line and close the quotation mark, or export it again.")),
    "nul": Remedy(N_("Export the file again from the shop system; it was damaged on its way.")),
    "all_held_back": Remedy(N_("Mostly a column is mapped wrongly: look at the columns once more.")),
}  # fmt: skip
NONE = Remedy()


def remedy_of(error: FieldError) -> Remedy:
    """Return what helps against a fault; its code travels among the parameters of its sentence."""
    return REMEDIES.get(str(error.params.get(CODE, "")), NONE)
