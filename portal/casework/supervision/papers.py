"""Keeping the files of statements and letters: judged by their content, under neutral names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.casework.special_reports.evidence import shown_name
from portal.casework.supervision.cases import Stand, find_case
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.evidence import Evidence, examined
from portal.domain.people import Permission
from portal.rules.clocks import Attachments
from portal.store.files import keep_file
from portal.store.papers import Paper

_MOST = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content: bytes


def judged(sent: Iterable[Sent], limits: Attachments) -> list[tuple[str, Evidence]]:
    """Return each file that is fit to be kept with the name its sender gave it.

    Raises:
        RuleBroken: one is not, or there are too many; nothing is kept then.

    """
    files = [one for one in sent if one.name]
    if len(files) > _MOST:
        raise RuleBroken("attachment.too_many", None, most=_MOST)
    return [(one.name, examined(one.content, limits)) for one in files]


def keep_papers(
    stand: Stand, subject: str, act: str, files: Iterable[tuple[str, Evidence]], data_dir: Path
) -> list[Paper]:
    """Keep the files beside what was written; the act itself is already in the trail."""
    rows = [
        Paper(
            subject=subject,
            file=keep_file(data_dir, evidence.content),
            kind=evidence.kind,
            name=shown_name(name, evidence.kind),
            bytes=len(evidence.content),
            sha256=evidence.sha256,
            act=act,
            added_by=stand.actor.name,
            added_at=stand.at,
        )
        for name, evidence in files
    ]
    stand.session.add_all(rows)
    return rows


def readable_paper(stand: Stand, number: int) -> Paper:
    """Return a file that this person may read: of its own case, or any for a regulator.

    Raises:
        NotFound: there is none, or none that this person may know of.

    """
    paper = stand.session.get(Paper, number)
    if paper is None:
        raise NotFound("attachment.none_such")
    kind, _, key = paper.subject.partition(":")
    if kind == "case":
        find_case(stand.session, key, stand.actor)
    elif not stand.actor.may(Permission.HANDLE_CASE):
        raise NotFound("attachment.none_such")
    return paper
