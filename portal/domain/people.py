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
    DESK = "desk"
    REVIEW_REPORT = "report.review"
    KEEP_REGISTER = "register.keep"
    HANDLE_CASE = "case.handle"
    COMPOSE_EDITION = "edition.compose"
    SEAL_EDITION = "edition.seal"
    WRITE_NOTICE = "notice.write"
    SEE_IMPORTS = "imports.see"
    MANAGE_PEOPLE = "people.manage"
    AUTHORITY_DESK = "authority.desk"
    TAKE_IN_EXAMS = "exams.take_in"


GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.MY_DESK: frozenset({Role.INSTITUTION}),
    Permission.FILE_REPORT: frozenset({Role.INSTITUTION}),
    Permission.EDIT_PROFILE: frozenset({Role.INSTITUTION}),
    Permission.MANAGE_COLLEAGUES: frozenset({Role.INSTITUTION}),
    Permission.ANSWER_CASE: frozenset({Role.INSTITUTION}),
    Permission.DESK: frozenset({Role.REGULATOR, Role.STREET, Role.OBSERVER, Role.ADMIN}),
    Permission.REVIEW_REPORT: frozenset({Role.REGULATOR}),
    Permission.KEEP_REGISTER: frozenset({Role.REGULATOR, Role.ADMIN}),
    Permission.HANDLE_CASE: frozenset({Role.REGULATOR}),
    Permission.COMPOSE_EDITION: frozenset({Role.REGULATOR}),
    Permission.SEAL_EDITION: frozenset({Role.REGULATOR}),
    Permission.WRITE_NOTICE: frozenset({Role.REGULATOR}),
    Permission.SEE_IMPORTS: frozenset({Role.REGULATOR, Role.OBSERVER, Role.ADMIN}),
    Permission.MANAGE_PEOPLE: frozenset({Role.REGULATOR, Role.ADMIN}),
    Permission.AUTHORITY_DESK: frozenset({Role.AUTHORITY}),
    Permission.TAKE_IN_EXAMS: frozenset({Role.AUTHORITY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, or the operator at the command line (``person_id`` None).

    ``institution_id`` and ``area_code`` bound what the person may see; ``is_holder`` marks an
    institution's account holder. ``allowed_all`` is the operator's, never a person's.
    """

    person_id: int | None
    name: str
    role: Role | None
    institution_id: int | None = None
    area_code: str | None = None
    is_holder: bool = False
    allowed_all: bool = False

    def may(self, permission: Permission) -> bool:
        """Tell whether this person may do that."""
        return self.allowed_all or (self.role is not None and self.role in GRANTS[permission])

    def require(self, permission: Permission) -> None:
        """Let the act go on.

        Raises:
            NotAllowed: the role does not have this permission.

        """
        if not self.may(permission):
            raise NotAllowed("people.not_allowed", permission=permission.value)


OPERATOR = Actor(person_id=None, name="operator", role=None, allowed_all=True)
