"""What is recognised in a file at first sight; reads only its first rows and its encoding."""

from pathlib import Path

from app.purchases.files.headers import missing, propose, recognise
from app.purchases.files.mapping_file import remembered
from app.purchases.files.reading import find_format, first_rows
from app.purchases.import_schemas import FilePreview, Mapping


def preview(path: Path, mapping: Mapping) -> FilePreview:
    """Return what is recognised in a file; a mapping that fits it is kept, otherwise one is proposed.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    how = find_format(path, mapping.encoding)
    headers, rows = first_rows(path, how)
    proposed = mapping if remembered(mapping, headers) else merged(propose(headers), mapping)
    return FilePreview(
        encoding=how.encoding,
        delimiter=how.delimiter,
        headers=headers,
        rows=rows,
        mapping=proposed,
        unmapped=missing(proposed),
        recognised_as=recognise(headers),
    )


def merged(proposed: Mapping, given: Mapping) -> Mapping:
    """Return the proposed columns with the options a person gave."""
    return given.model_copy(update={"columns": proposed.columns, "fee_codes": given.fee_codes or proposed.fee_codes})
