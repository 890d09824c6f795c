"""What every desk shares at which a file is handed in: the form, the counter, the first check."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.domain.errors import RuleBroken
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Handed
from portal.intake.taking_in import check_file
from portal.rules.words import say
from portal.store.session import reading, transaction
from portal.web.boundary import Act, look, wiring
from portal.web.forms import Form, needed
from portal.web.language import language, lazy
from portal.web.progress import Told, Work
from portal.web.receipts import kind_words

if TYPE_CHECKING:
    from wtforms import Field

Kept = TypeVar("Kept")

OURS = (Kind.EXAMS.value, Kind.TALLIES.value)
"""The kinds that the exam authority hands in."""


def counter_of(a: Act) -> Counter:
    """Return what stands around the one who hands a file in."""
    settings = wiring().settings
    return Counter(
        office=a.office,
        day=a.day,
        at=a.at,
        person_key=settings.person_key,
        local_rules=settings.local_rules,
    )


def kind_known(_form: Form, field: Field) -> None:
    """Refuse a kind of file that the exam authority does not hand in."""
    if field.data not in OURS:
        raise StopValidation(say("intake.kind_not_chosen", language()))


class FileForm(Form):
    """A file and what it holds."""

    kind = RadioField(lazy("文件里是什么？"), [kind_known], validate_choice=False)
    file = FileField(lazy("选择文件"), [needed("intake.no_file_chosen")])

    def offer(self) -> None:
        """Name the kinds."""
        self.kind.choices = [SelectChoice(kind, kind_words(kind)) for kind in OURS]

    def keep(self, do: Callable[[Session, Counter, Handed], Kept]) -> Work[Kept]:
        """Begin to check the file that was sent and to let ``do`` keep it in one transaction."""
        source = Source(self.file.data.filename or "", self.file.data.read())
        kind, engine = Kind(self.kind.data), wiring().engine
        with look() as a:
            counter = counter_of(a)

        def kept(told: Told) -> Kept:
            with reading(engine) as session:
                handed = check_file(session, counter, kind, source, told)
            with transaction(engine) as session:
                return do(session, counter, handed)

        return Work(kept)

    def tell(self, error: RuleBroken) -> None:
        """Put what is wrong with the file, or with what was said of it, at its field."""
        if any(name in self for name in error.faults):
            self.blame(error)
        else:
            self.file.errors = [say(error.key, language(), **error.facts)]
