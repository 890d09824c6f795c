"""The day at the site: its clocks show Shanghai's time, whatever those of the machine show."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.settings import machine_clock

if TYPE_CHECKING:
    from datetime import date


def today() -> date:
    """Return the day that the site writes down now."""
    return machine_clock().astimezone(ZoneInfo("Asia/Shanghai")).date()
