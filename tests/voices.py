"""A sitting for the tests: candidates on a roster, their slips, and trainees who answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask.testing import FlaskClient
from handed import Hand, exam
from signing import token_in
from werkzeug.test import TestResponse

from portal.domain.survey import QUESTIONS

SITTING_ON = "2026-11-20"
CODES = re.compile(r'class="code">((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})<')


def roster(hand: Hand, count: int, code: str = "P001", *, first: int = 1) -> None:
    """Hand in a roster of so many candidates."""
    rows = [
        exam(
            number,
            institution_code=code,
            theory_on=SITTING_ON,
            registered_on="2026-10-20",
            theory_score="",
            practical_on="",
            practical_score="",
            status="registered",
        )
        for number in range(first, first + count)
    ]
    assert hand.exams(*rows).accepted == count


def print_slips(officer: FlaskClient) -> str:
    """Print the slips of the sitting; return the page."""
    page = officer.get("/authority/slips").get_data(as_text=True)
    fields = {"csrf_token": token_in(page), "on": SITTING_ON, "site": "第一考点"}
    answer = officer.post("/authority/slips/print", data=fields)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def codes_on(page: str) -> list[str]:
    """Return the codes of a page of slips, spares last."""
    return CODES.findall(page)


FINE = {key: choices[0] for key, choices in QUESTIONS.items()}


@dataclass
class Trainee:
    """Somebody with a phone and a slip."""

    client: FlaskClient
    code: str
    replies: dict[str, str] = field(default_factory=dict)

    def answers(self) -> None:
        """Answer every question, one screen each."""
        for key, fine in FINE.items():
            address = f"/survey/{self.code}?q={key}"
            token = token_in(self.client.get(address).get_data(as_text=True))
            said = {"csrf_token": token, "answer": self.replies.get(key, fine)}
            assert self.client.post(address, data=said).status_code == 303

    def sends(self) -> TestResponse:
        """Send what was answered."""
        address = f"/survey/{self.code}?q=check"
        token = token_in(self.client.get(address).get_data(as_text=True))
        return self.client.post(address, data={"csrf_token": token})
