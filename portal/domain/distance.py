"""How far two points of the earth are apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Point:
    """A point; degrees north and east."""

    latitude: float
    longitude: float


def kilometres(one: Point, other: Point) -> float:
    """Return the distance in a straight line over the ground.

    Source: the haversine formula on a sphere of the earth's mean radius.
    """
    north = sin(radians(other.latitude - one.latitude) / 2)
    east = sin(radians(other.longitude - one.longitude) / 2)
    around = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * _EARTH_KM * asin(sqrt(north**2 + around * east**2))
