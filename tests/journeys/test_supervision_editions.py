"""What has left the list is in no later bundle, and no page beside an edition tells of it."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from editions_desk import Desk
from editions_ground import AT, PERIOD
from sqlalchemy import Engine, select
from supervision_ground import FACTS, Ground, reader

from portal.casework.setting_up import become_demonstration
from portal.casework.supervision import case_aftermath as aftermath
from portal.casework.supervision import case_proceedings as proceedings
from portal.casework.supervision import case_publication as publication
from portal.casework.supervision.cases import Opening, open_case
from portal.domain.cases import EndReason
from portal.store.cases import CaseFile
from portal.store.editions import Edition
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.rules.office import Office
    from portal.settings import Settings

OPENED = date(2025, 10, 13)
DECISION = "示应急责改〔2025〕77号"
WHY = "复议机关认定程序违法。"
PLACES = (
    *("/changes", "/changes.atom", "/api/v1/changes", "/api/v1/changes.csv"),
    *("/editions", "/editions/2", "/api/v1/editions", "/api/v1/editions/2", "/data"),
    *("/issues", "/issues/feed", "/issues/{no}", "/issues/{no}/history", "/penalties"),
    *("/api/v1/issues", "/api/v1/issues.csv", "/api/v1/issues/{no}", "/api/v1/penalties.csv"),
    *("/i/T001", "/institutions?q=甲", "/api/v1/institutions/T001", "/rank", "/sitemap.xml"),
)


@dataclass
class Story:
    """A case that was listed when edition 1 was sealed and is not when edition 2 is."""

    desk: Desk
    ground: Ground
    no: str = ""
    number: str = ""

    def published(self) -> CaseFile:
        """Publish an entry of a minor case against T001."""
        ground, day = self.ground, OPENED
        opening = Opening(subject="T001", ground="files_missing", severity="general", facts=FACTS)
        case = ground.do("wang", day, lambda on: open_case(on, opening))
        self.number = number = case.number
        evidence = {"inspection_record": "卷", "training_files": "卷"}
        ground.do(
            "wang",
            day,
            lambda on: proceedings.keep_evidence(on, number, 1, evidence=evidence),
        )
        service = proceedings.Service(served_on=day, how="post", proof="单号")
        case = ground.do("wang", day, lambda on: proceedings.serve_notice(on, number, 2, service))
        day = (case.reply_until_on or day) + timedelta(days=1)
        decision = proceedings.Decision(
            number=DECISION, decided_on=day, words="责令补齐", severity="general", advice=""
        )
        ground.do("wang", day, lambda on: proceedings.decide_case(on, number, 3, decision))
        until = day + timedelta(days=300)
        ground.do(
            "wang",
            day,
            lambda on: publication.propose_publication(on, number, 4, until_on=until),
        )
        done = ground.do("li", day, lambda on: publication.publish_entry(on, number, 5))
        self.no = done.listing_no or ""
        return done

    def bundle(self, number: int) -> dict[str, str]:
        """Return the members of a sealed edition's bundle as text."""
        with reading(self.desk.engine) as session:
            row = session.scalars(select(Edition).where(Edition.number == number)).one()
            packed = row.bundle or b""
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = archive.namelist()
            return {name: archive.read(name).decode("utf-8", "replace") for name in names}


@pytest.fixture
def story(engine: Engine, office: Office, settings: Settings) -> Story:
    """Return the story at its start."""
    with transaction(engine) as session:
        become_demonstration(session, "putuo", AT.date(), AT)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Story(Desk(engine, office, settings.data_dir), Ground(engine))


def quashed(story: Story, day: date) -> None:
    """Quash the decision and take the entry off."""
    number = story.number
    words = {"document_no": "示复决〔2026〕9号", "words": WHY}
    story.ground.do("wang", day, lambda on: publication.quash(on, number, 6, **words))
    story.ground.do("li", day, lambda on: publication.end_entry(on, number, 7))


def quashed_and_left(story: Story, day: date) -> None:
    """Quash the decision; nobody takes the entry off, so it leaves by itself."""
    words = {"document_no": "示复决〔2026〕9号", "words": WHY}
    number, early = story.number, day - timedelta(days=14)
    story.ground.do("wang", early, lambda on: publication.quash(on, number, 6, **words))


def withdrawn(story: Story, day: date) -> None:
    """Withdraw the entry by two persons."""
    told: dict[str, Any] = {"reason": EndReason.WITHDRAWN, "document_no": "示撤1号", "words": WHY}
    number = story.number
    story.ground.do("wang", day, lambda on: publication.propose_end(on, number, 6, **told))
    story.ground.do("li", day, lambda on: publication.end_entry(on, number, 7))


def repaired(story: Story, day: date) -> None:
    """Correct, re-check and repair."""
    number = story.number
    told: dict[str, Any] = {"reason": EndReason.REPAIRED, "document_no": "示复1号", "words": WHY}
    story.ground.do(
        "wang", day, lambda on: aftermath.report_rectification(on, number, 6, words="补")
    )
    story.ground.do(
        "wang", day, lambda on: aftermath.confirm_rectification(on, number, 7, words="合格")
    )
    story.ground.do("wang", day, lambda on: publication.propose_end(on, number, 8, **told))
    story.ground.do("li", day, lambda on: publication.end_entry(on, number, 9))


@pytest.mark.parametrize("leave", [quashed, quashed_and_left, withdrawn, repaired])
def test_a_later_bundle_and_all_beside_it_are_silent(
    story: Story, settings: Settings, leave: Callable[[Story, date], None]
) -> None:
    case = story.published()
    first, _ = story.desk.compose("2025-H1")
    story.desk.operator_seals(first)
    assert costs(story.bundle(1)) == {"T001"}  # while it stands it costs points, and no more
    leave(story, AT.date() - timedelta(days=1))
    second, _ = story.desk.compose(PERIOD)
    story.desk.operator_seals(second)
    assert costs(story.bundle(2)) == set()
    secrets = (FACTS, DECISION, WHY, case.number, f'"{story.no}"')
    for name, text in story.bundle(2).items():
        assert not [secret for secret in secrets if secret in text], name
    after = reader(settings, AT.date())
    for root in ("", "/en"):
        for place in PLACES:
            answer = after.get(f"{root if 'api' not in place else ''}{place.format(no=story.no)}")
            assert answer.status_code in (200, 410), place
            told = [secret for secret in (FACTS, DECISION, WHY) if secret in answer.text]
            assert not told, place
            if "{no}" in place or "changes" in place or place in ("/issues", "/issues/feed"):
                assert "示例甲安全培训中心" not in answer.text, place
                assert '"T001"' not in answer.text, place


def test_while_it_stands_the_pages_do_tell(story: Story, settings: Settings) -> None:
    story.published()
    page = reader(settings, AT.date())
    assert FACTS in page.get(f"/issues/{story.no}").text
    assert "示例甲安全培训中心" in page.get("/changes").text


def costs(bundle: dict[str, str]) -> set[str]:
    """Return the institutions whose record costs points, by the inputs of a bundle."""
    record = csv.DictReader(io.StringIO(bundle["inputs/record.csv"]))
    return {row["institution"] for row in record}
