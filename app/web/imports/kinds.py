"""What the rows of a file may be instead, where it lacks the columns of what it is taken for."""

from dataclasses import dataclass

from app.purchases.files.mapping.field_labels import LABELS
from app.purchases.import_schemas import FilePreview
from app.purchases.models import FileTable
from app.web.imports.fields import table_label


@dataclass(frozen=True)
class OtherKind:
    """A kind of file to choose: its label (msgid), and whether the file has the columns that such a file needs."""

    table: FileTable
    label: str
    fits: bool


@dataclass(frozen=True)
class OtherKinds:
    """What a file is not, as it seems: the labels (msgids) of the columns it lacks, and what it may be, likeliest first."""

    label: str
    lacks: tuple[str, ...]
    kinds: tuple[OtherKind, ...]


def other_kinds(preview: FilePreview, table: FileTable, code: str = "") -> OtherKinds | None:
    """Return what the rows may be instead; None where nothing speaks against `table`.

    `code` is that of the fault the check stopped with. A kind is the likelier the more of its columns the file has.
    """
    # what reads files is loaded where it works: web processes, which only import this module, start without
    from app.purchases.other.kinds import WRONG_KIND, likeliest

    if not preview.unmapped and code not in WRONG_KIND:
        return None
    return OtherKinds(
        label=table_label(table),
        lacks=tuple(LABELS.get(name, name) for name in preview.unmapped),
        kinds=tuple(OtherKind(other, table_label(other), fits) for other, fits in likeliest(preview.headers, table)),
    )
