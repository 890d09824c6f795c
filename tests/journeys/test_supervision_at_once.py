"""Fifty who decide at the same moment: one decision, and each of the others is told by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select
from supervision_ground import START, settled

from portal.casework.supervision import case_publication as publication
from portal.domain.errors import Conflict, PortalError
from portal.store.audit import AuditEvent
from portal.store.cases import CaseEvent, CaseFile
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from portal.rules.office import Office

DECIDERS = 50


def test_of_fifty_deciders_one_decides(engine: Engine, office: Office) -> None:
    del office
    ground = settled(engine)
    case = ground.proposed()
    gate = Barrier(DECIDERS)

    def decide(number: int) -> str:
        gate.wait(timeout=60)
        try:
            with transaction(engine) as session:
                here = ground.stand(session, "second", case.decided_on or START)
                if number % 2:
                    publication.publish_entry(here, case.number, case.revision)
                else:
                    publication.send_back(here, case.number, case.revision, reasons="不同意")
        except Conflict as refused:
            return str(refused.facts["by"])
        except PortalError as refused:
            return refused.key
        return "decided"

    with ThreadPoolExecutor(DECIDERS) as deciders:
        told = list(deciders.map(decide, range(DECIDERS)))
    assert told.count("decided") == 1
    assert told.count("second") == DECIDERS - 1
    assert decisions(engine) == (1, 1, case.revision + 1)


def decisions(engine: Engine) -> tuple[int, int, int]:
    """Return the decisions in the case and in the trail, and the revision of the case."""
    acts = ("publish", "send_back")
    in_case = select(func.count()).select_from(CaseEvent).where(CaseEvent.act.in_(acts))
    trail = [f"case.{act}" for act in acts]
    in_trail = select(func.count()).select_from(AuditEvent).where(AuditEvent.act.in_(trail))
    with reading(engine) as session:
        counts = (session.scalar(in_case) or 0, session.scalar(in_trail) or 0)
        return (*counts, session.scalars(select(CaseFile.revision)).one())
