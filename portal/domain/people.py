"""Who may do what: one table that can be read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import NotAllowed


class Role(StrEnum):
    """What a person is to the portal; workers have no account."""

    INSTITUTION = "institution"
    REGULATOR = "regulator"
    STREET = "street"
    AUTHORITY = "authority"
    OBSERVER = "observer"
    ADMIN = "admin"


class Permission(StrEnum):
    """An act, or a desk, that only some roles may use."""

    MY_DESK = "my.desk"
    FILE_REPORT = "report.file"
    EDIT_PROFILE = "profile.edit"
    MANAGE_COLLEAGUES = "colleagues.manage"
    ANSWER_CASE = "case.answer"
    CHECK_FIGURES = "figures.check"
    DESK = "desk"
    REVIEW_REPORT = "report.review"
    KEEP_REGISTER = "register.keep"
    SEE_CASES = "cases.see"
    HANDLE_CASE = "case.handle"
    COMPOSE_EDITION = "edition.compose"
    SEAL_EDITION = "edition.seal"
    WRITE_NOTICE = "notice.write"
    SEE_IMPORTS = "imports.see"
    MANAGE_PEOPLE = "people.manage"
    SEE_AUDIT = "audit.see"
    AUTHORITY_DESK = "authority.desk"
    TAKE_IN_EXAMS = "exams.take_in"
    TAKE_IN_ON_BEHALF = "exams.take_in_on_behalf"
    HAND_OUT_SLIPS = "slips.hand_out"
    SEE_SURVEYS = "surveys.see"
    JUDGE_ANSWERS = "answers.judge"


GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.MY_DESK: frozenset({Role.INSTITUTION}),
    Permission.FILE_REPORT: frozenset({Role.INSTITUTION}),
    Permission.EDIT_PROFILE: frozenset({Role.INSTITUTION}),
    Permission.MANAGE_COLLEAGUES: frozenset({Role.INSTITUTION}),
    Permission.ANSWER_CASE: frozenset({Role.INSTITUTION}),
    Permission.CHECK_FIGURES: frozenset({Role.INSTITUTION}),
    Permission.DESK: frozenset({Role.REGULATOR, Role.STREET, Role.OBSERVER, Role.ADMIN}),
    Permission.REVIEW_REPORT: frozenset({Role.REGULATOR}),
    Permission.KEEP_REGISTER: frozenset({Role.REGULATOR, Role.ADMIN}),
    Permission.SEE_CASES: frozenset({Role.REGULATOR, Role.OBSERVER, Role.ADMIN}),
    Permission.HANDLE_CASE: frozenset({Role.REGULATOR}),
    Permission.COMPOSE_EDITION: frozenset({Role.REGULATOR}),
    Permission.SEAL_EDITION: frozenset({Role.REGULATOR}),
    Permission.WRITE_NOTICE: frozenset({Role.REGULATOR}),
    Permission.SEE_IMPORTS: frozenset({Role.REGULATOR, Role.OBSERVER, Role.ADMIN}),
    Permission.MANAGE_PEOPLE: frozenset({Role.REGULATOR, Role.ADMIN}),
    Permission.SEE_AUDIT: frozenset({Role.REGULATOR, Role.OBSERVER, Role.ADMIN}),
    Permission.AUTHORITY_DESK: frozenset({Role.AUTHORITY}),
    Permission.TAKE_IN_EXAMS: frozenset({Role.AUTHORITY}),
    Permission.TAKE_IN_ON_BEHALF: frozenset({Role.REGULATOR}),
    Permission.HAND_OUT_SLIPS: frozenset({Role.AUTHORITY}),
    Permission.SEE_SURVEYS: frozenset({Role.REGULATOR, Role.OBSERVER, Role.ADMIN}),
    Permission.JUDGE_ANSWERS: frozenset({Role.REGULATOR}),
}


HOLDER_ONLY = frozenset({Permission.MANAGE_COLLEAGUES})
"""What within an institution only its account holder may do."""

KEPT_WHEN_CLOSED = frozenset({Permission.MY_DESK, Permission.ANSWER_CASE})
"""What the people of a closed institution may still do: look, and answer."""

MANAGES: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role),
    Role.REGULATOR: frozenset({Role.INSTITUTION, Role.STREET, Role.AUTHORITY, Role.OBSERVER}),
    Role.INSTITUTION: frozenset({Role.INSTITUTION}),
}
"""Whose accounts a role adds and ends. A regulator cannot make the second person of four eyes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, or the operator at the command line (``person_id`` None).

    ``institution_id`` and ``area_code`` bound what the person may see; ``is_holder`` marks an
    institution's account holder, ``is_closed`` one of a closed institution. ``allowed_all`` is the
    operator's, never a person's.
    """

    person_id: int | None
    name: str
    role: Role | None
    institution_id: int | None = None
    area_code: str | None = None
    is_holder: bool = False
    is_closed: bool = False
    allowed_all: bool = False

    def may(self, permission: Permission) -> bool:
        """Tell whether this person may do that."""
        if self.allowed_all:
            return True
        granted = self.role is not None and self.role in GRANTS[permission]
        held = self.is_holder or permission not in HOLDER_ONLY
        return granted and held and (not self.is_closed or permission in KEPT_WHEN_CLOSED)

    def manages(self, role: Role) -> bool:
        """Tell whether this person may add and end accounts of that role."""
        return self.allowed_all or (self.role is not None and role in MANAGES.get(self.role, ()))

    def require(self, permission: Permission) -> None:
        """Let the act go on.

        Raises:
            NotAllowed: the role does not have this permission.

        """
        if not self.may(permission):
            raise NotAllowed("people.not_allowed", permission=permission.value)


OPERATOR = Actor(person_id=None, name="operator", role=None, allowed_all=True)
