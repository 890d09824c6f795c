"""Every table in one place: who opens the database knows them all, whatever else was imported."""

from __future__ import annotations

from sqlalchemy import MetaData

from portal.store import (
    attachments,
    audit,
    bulletins,
    cases,
    chain,
    editions,
    editions_beside,
    exams,
    factual_checks,
    inspections,
    institutions,
    letters,
    notices,
    offers,
    papers,
    people,
    receipts,
    remembered,
    reporting,
    reports,
    reviews,
    site,
    staged_sheets,
    surveys,
    traces,
)
from portal.store.base import Table

ROOMS = (
    attachments,
    audit,
    bulletins,
    cases,
    chain,
    editions,
    editions_beside,
    exams,
    factual_checks,
    inspections,
    institutions,
    letters,
    notices,
    offers,
    papers,
    people,
    receipts,
    remembered,
    reporting,
    reports,
    reviews,
    site,
    staged_sheets,
    surveys,
    traces,
)
METADATA: MetaData = Table.metadata
