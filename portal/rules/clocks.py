"""Rules that count time: cases, reports, accounts, checks, surveys, retention."""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.bounds import require, require_at_least, require_shares
from portal.rules.figures import SEVERITIES
from portal.rules.form import ReportForm

CASE_RULES = (
    "case-reply",
    "case-hearing",
    "case-withdrawal",
    "case-dispute",
    "case-publishing",
    "case-office",
    "publication-periods",
)
"""The rules that together make :class:`Cases`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPeriod:
    """How long an entry of a severity may stand on the problem list (calendar months)."""

    severity: str
    min_months: int
    max_months: int
    min_repair_months: int
    """Months published before early repair may be asked for."""

    def __post_init__(self) -> None:
        """Refuse a period whose ends are the wrong way round."""
        require(
            0 <= self.min_months <= self.max_months and self.max_months > 0,
            f"{self.severity}: min_months must not exceed max_months",
        )
        require(
            0 <= self.min_repair_months <= self.max_months,
            f"{self.severity}: min_repair_months must not exceed max_months",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The clocks of a case. Days are working days."""

    reply_days: int
    hearing_request_days: int
    hearing_notice_days: int
    """Least days between the notice of a hearing and the hearing."""
    withdraw_quashed_days: int
    dispute_mark_days: int
    dispute_decide_days: int
    hearing_measures: tuple[str, ...]
    """Measures before which a hearing may be asked for."""
    publish_days: int
    """From the decision to its publication."""
    recheck_days: int
    """From the report of rectification to the re-check."""
    repair_days: int
    """From the request for early repair to its answer."""
    watch_months: int
    """Calendar months after the exit in which the subject is inspected more often."""
    periods: tuple[PublicationPeriod, ...]

    def __post_init__(self) -> None:
        """Refuse clocks that leave no time, and periods that do not rise with severity."""
        require_at_least(
            1,
            reply_days=self.reply_days,
            hearing_request_days=self.hearing_request_days,
            hearing_notice_days=self.hearing_notice_days,
            withdraw_quashed_days=self.withdraw_quashed_days,
            dispute_mark_days=self.dispute_mark_days,
            dispute_decide_days=self.dispute_decide_days,
            publish_days=self.publish_days,
            recheck_days=self.recheck_days,
            repair_days=self.repair_days,
            watch_months=self.watch_months,
        )
        names = tuple(period.severity for period in self.periods)
        require(names == SEVERITIES, f"periods must be given for {SEVERITIES}, in this order")

    def period(self, severity: str) -> PublicationPeriod:
        """Return the publication period of a severity.

        Raises:
            KeyError: there is no such severity.

        """
        return {period.severity: period for period in self.periods}[severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """What files a report may carry."""

    kinds: tuple[str, ...]
    """Extensions without dot, lower case."""
    max_bytes: int
    max_sheet_bytes: int
    """Limit of an Excel or CSV sheet."""
    max_files: int
    max_pages: int

    def __post_init__(self) -> None:
        """Refuse limits that let nothing in."""
        require(len(self.kinds) > 0, "attachment kinds must not be empty")
        require_at_least(1, max_bytes=self.max_bytes, max_sheet_bytes=self.max_sheet_bytes)
        require_at_least(1, max_files=self.max_files, max_pages=self.max_pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The special report (专项报告): its form, its deadlines, its files."""

    form: ReportForm
    late_public_after_days: int
    """Calendar days after the due day from which a missing report is named in public."""
    review_working_days: int
    lease_warning_days: int
    """Calendar days before its end from which a lease is pointed out to the reviewer."""
    full_teacher_names: bool
    """Whether there is a basis for publishing a teacher's full name, given their consent."""
    reminder_days: int | None = None
    """Calendar days before a deadline from which the institution is reminded; None = on the day."""
    correction_working_days: int | None = None
    """Working days to hand in a returned report again; None = no deadline known."""
    change_report_days: int | None = None
    """Working days to report a change; None = no deadline known."""
    attachments: Attachments

    def __post_init__(self) -> None:
        """Refuse negative clocks."""
        require_at_least(0, late_public_after_days=self.late_public_after_days)
        require_at_least(0, lease_warning_days=self.lease_warning_days)
        require_at_least(
            1,
            review_working_days=self.review_working_days,
            correction_working_days=self.correction_working_days,
            reminder_days=self.reminder_days,
            change_report_days=self.change_report_days,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Sign-up slips, sign-in limits, sessions."""

    slip_days: int
    sign_in_attempts: int
    sign_in_attempts_per_address: int
    sign_in_window_minutes: int
    session_hours: int
    password_min_length: int

    def __post_init__(self) -> None:
        """Refuse limits that lock everybody out."""
        require_at_least(
            1,
            slip_days=self.slip_days,
            sign_in_attempts=self.sign_in_attempts,
            sign_in_attempts_per_address=self.sign_in_attempts_per_address,
            sign_in_window_minutes=self.sign_in_window_minutes,
            session_hours=self.session_hours,
        )
        require_at_least(8, password_min_length=self.password_min_length)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualCheck:
    """The institutions' check of their own figures before an edition."""

    working_days: int

    def __post_init__(self) -> None:
        """Refuse a check without time."""
        require_at_least(1, working_days=self.working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Answering a request to correct a page."""

    working_days: int

    def __post_init__(self) -> None:
        """Refuse a promise without time."""
        require_at_least(1, working_days=self.working_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The satisfaction survey's slips."""

    window_days: int
    """Calendar days from the exam in which a slip can be used."""
    code_bits: int
    """Least bits of a slip's code, its check letter included."""
    spare_share: float
    """Spares printed beside the slips of a group, as a share of them."""
    wrong_codes: int
    """Wrong codes from one address in the window below before it must wait."""
    wrong_codes_window_minutes: int
    burst_answers: int
    """Answers of one group, within the minutes below, that wait for a person's look."""
    burst_minutes: int
    device_answers: int
    """Answers of one group from one device that wait."""
    straight_line_run: int
    """Answers of one group in a row, alike in every question, that wait."""

    def __post_init__(self) -> None:
        """Refuse codes that could be guessed, and marks that every answer would bear."""
        require_at_least(1, window_days=self.window_days, wrong_codes=self.wrong_codes)
        require_at_least(1, wrong_codes_window_minutes=self.wrong_codes_window_minutes)
        require_at_least(2, burst_answers=self.burst_answers, device_answers=self.device_answers)
        require_at_least(2, straight_line_run=self.straight_line_run)
        require_at_least(1, burst_minutes=self.burst_minutes)
        require_shares(spare_share=self.spare_share)
        require_at_least(64, code_bits=self.code_bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Tips and requests for help. Days are working days."""

    accept_days: int
    answer_days: int
    per_address: int
    """Letters of one address in the window of sign-in tries."""
    least_seconds: int
    """A form sent sooner after it was shown was not filled in by a person."""
    form_hours: int

    def __post_init__(self) -> None:
        """Refuse promises without time."""
        require_at_least(1, accept_days=self.accept_days, answer_days=self.answer_days)
        require_at_least(1, per_address=self.per_address, form_hours=self.form_hours)
        require_at_least(0, least_seconds=self.least_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Years for which things are kept; None = not decided, so nothing is deleted."""

    trail_years: int | None = None
    """The internal trail of cases and acts."""
    files_years: int | None = None
    """Attachments of reports and cases."""
    person_keys_years: int | None = None
    """Keyed hashes of candidates."""

    def __post_init__(self) -> None:
        """Refuse keeping for less than a year."""
        require_at_least(
            1,
            trail_years=self.trail_years,
            files_years=self.files_years,
            person_keys_years=self.person_keys_years,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Least conditions of a training institution; None = no number known.

    Source: AQ 8011-2023, 4.2–4.4.
    """

    tenure_years: float | None = None
    """Least years of a lease that is not ownership."""
    classroom_seats: int | None = None
    seat_area_m2: float | None = None
    classroom_area_m2: float | None = None
    teacher_practice_years: float | None = None
    managers: int | None = None
    class_minutes_offline: int | None = None
    class_minutes_online: int | None = None
    offline_theory_share: float | None = None
    offline_practice_share: float | None = None
    systems: int | None = None
    """How many management systems must exist."""

    def __post_init__(self) -> None:
        """Refuse shares beyond the whole."""
        require_shares(
            offline_theory_share=self.offline_theory_share or 0,
            offline_practice_share=self.offline_practice_share or 0,
        )
