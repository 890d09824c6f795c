"""Every table in one place: who opens the database knows them all, whatever else was imported."""

from __future__ import annotations

from sqlalchemy import MetaData

from portal.store import (
    audit,
    cases,
    chain,
    editions,
    exams,
    factual_checks,
    institutions,
    notices,
    offers,
    people,
    receipts,
    reports,
    site,
    surveys,
)
from portal.store.base import Table

ROOMS = (
    audit,
    cases,
    chain,
    editions,
    exams,
    factual_checks,
    institutions,
    notices,
    offers,
    people,
    receipts,
    reports,
    site,
    surveys,
)
METADATA: MetaData = Table.metadata
