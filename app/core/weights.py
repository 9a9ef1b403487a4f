"""Weights that come with the product: files of named arrays, small, and read without pickle.

numpy is imported by whoever asks.
"""

import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

if TYPE_CHECKING:
    from numpy.typing import NDArray


class UnusableWeights(Exception):
    """A file of weights that is missing, broken, or of another version of the program."""


def write_arrays(path: Path, arrays: Mapping[str, "NDArray[Any]"], *, half: Collection[str]) -> None:
    """Write arrays, those named in `half` in half precision: enough for what is read thousands of times a second."""
    import numpy as np

    given: dict[str, Any] = {name: one.astype(np.float16) if name in half else one for name, one in arrays.items()}
    with path.open("wb") as file:
        np.savez_compressed(file, **given)


def read_arrays(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, "NDArray[Any]"]:
    """Return the arrays of these names and shapes, floats in single precision.

    Raises:
        UnusableWeights: there is no such file, it cannot be read, or an array is missing or of another shape.
    """
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            found = {name: held[name] for name in shapes}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error) as error:
        msg = f"{path.name} is missing or broken"
        raise UnusableWeights(msg) from error
    if wrong := [name for name, shape in shapes.items() if found[name].shape != shape]:
        msg = f"{path.name} is of another version: {', '.join(wrong)}"
        raise UnusableWeights(msg)
    return {name: one.astype(np.float32) if one.dtype.kind == "f" else one for name, one in found.items()}
