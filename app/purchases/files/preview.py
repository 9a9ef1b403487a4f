"""What is recognised in a file at first sight; reads only its first rows."""

from pathlib import Path

from app.purchases.files.mapping import presets
from app.purchases.files.mapping.mapping_file import proposal, vanished
from app.purchases.files.opening.pieces import read_head, sheets_of, ways_to_read
from app.purchases.import_schemas import FilePreview, Mapping


def preview(path: Path, mapping: Mapping) -> FilePreview:
    """Return what is recognised in a file; a mapping that fits it is kept, otherwise one is proposed.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    hows = ways_to_read(path, mapping)
    headers, rows, how = read_head(path, hows, mapping.sheet)
    preset = presets.recognise(headers)
    proposed = proposal(headers, mapping, rows)
    return FilePreview(
        encoding=how.encoding,
        delimiter=how.delimiter,
        headers=headers,
        rows=rows,
        mapping=proposed,
        unmapped=presets.missing(proposed),
        recognised_as=preset.name if preset else "",
        unverified=preset.not_verified if preset else (),
        left_out=preset.left_out if preset else (),
        table=preset.table if preset else None,
        vanished=vanished(mapping, headers),
        sheets=sheets_of(path, mapping.sheet),
        rows_above=how.rows_above,
    )
