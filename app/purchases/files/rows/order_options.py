"""Rows that name an option of the goods above them (gift wrapping, engraving): they belong to those goods."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.mapping.presets import OptionRows


@dataclass
class OptionCarry:
    """Applies a shop's rule to the pieces of one file in their order; the goods above may end the piece before."""

    rule: OptionRows
    _code: str = ""
    _name: str = ""

    def apply(self, rows: pa.Table) -> pa.Table:
        """Return the rows with option rows under their goods: same product, no piece of their own, their own amount."""
        names = rows["product_name"].cast(pa.string()).combine_chunks()
        blanks = rows[self.rule.empty].cast(pa.string()).combine_chunks()
        option = pc.and_(pc.starts_with(names, self.rule.prefix), pc.equal(blanks, "")).to_numpy(zero_copy_only=False)
        codes = rows["product_code"].cast(pa.string()).combine_chunks()
        above = np.maximum.accumulate(np.where(option, 0, np.arange(1, len(option) + 1)))
        codes = _with_first(self._code, codes).take(pa.array(above))
        names = _with_first(self._name, names).take(pa.array(above))
        if len(rows):
            self._code, self._name = codes[-1].as_py(), names[-1].as_py()
        pieces = np.where(option, 0, rows["quantity"].to_numpy())
        for name, column in (("product_code", codes), ("product_name", names), ("quantity", pa.array(pieces))):
            kind = rows.schema.field(name).type
            stored = column.dictionary_encode() if pa.types.is_dictionary(kind) else column
            rows = rows.set_column(rows.schema.get_field_index(name), name, stored)
        return rows


def _with_first(first: str, column: pa.Array) -> pa.Array:
    return pa.concat_arrays([pa.array([first], pa.string()), column])
