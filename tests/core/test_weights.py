"""Files of weights: they come back as they were, and a broken one is told as such."""

from pathlib import Path

import numpy as np
import pytest

from app.core.weights import UnusableWeights, read_arrays, write_arrays

SHAPES = {"loud": (2, 3), "mark": (4,)}


def test_arrays_come_back_in_single_precision(tmp_path: Path) -> None:
    loud, mark = np.full((2, 3), 0.5, np.float32), np.arange(4, dtype=np.uint8)
    write_arrays(tmp_path / "w.npz", {"loud": loud, "mark": mark}, half={"loud"})
    found = read_arrays(tmp_path / "w.npz", SHAPES)
    assert found["loud"].dtype == np.float32
    assert np.array_equal(found["loud"], loud)
    assert found["mark"].dtype == np.uint8
    assert np.array_equal(found["mark"], mark)


def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    with pytest.raises(UnusableWeights, match=r"w\.npz is missing or broken"):
        read_arrays(path, SHAPES)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(UnusableWeights, match="missing or broken"):
        read_arrays(path, SHAPES)
    write_arrays(path, {"loud": np.zeros((2, 3))}, half=())
    with pytest.raises(UnusableWeights, match="missing or broken"):
        read_arrays(path, SHAPES)
    write_arrays(path, {"loud": np.zeros((2, 4)), "mark": np.zeros(4)}, half=())
    with pytest.raises(UnusableWeights, match="another version: loud"):
        read_arrays(path, SHAPES)


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", loud=np.array([[{}] * 3] * 2, object), mark=np.zeros(4))
    with pytest.raises(UnusableWeights):
        read_arrays(tmp_path / "w.npz", SHAPES)
