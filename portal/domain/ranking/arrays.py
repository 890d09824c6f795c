"""The few array types of the method, and sums that are the same on every machine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.signedinteger[Any]]


def contract(subscripts: str, *arrays: NDArray[Any]) -> Floats:
    """Return the sums of products that ``subscripts`` name, without BLAS."""
    out: Floats = np.einsum(subscripts, *arrays)
    return out


def sums_by(place: Ints, values: Floats, size: int = 0) -> Floats:
    """Return the sums of ``values`` with equal ``place``, at least ``size`` of them."""
    out: Any = np.bincount(place, weights=values, minlength=size)
    return np.asarray(out, dtype=np.float64)


def shares_of(values: Floats) -> Floats:
    """Return the values divided by their sum, along the last axis."""
    total: Floats = values.sum(axis=-1, keepdims=True)
    return np.asarray(values / total)
