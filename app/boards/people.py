"""Whom a board is about and what they said, as values handed from the reading to the drawing modules."""

from dataclasses import dataclass

from app.boards.schemas import BoardQuote, LeftOut
from app.candidates.models import Candidate
from app.interviews.models import Interview
from app.purchases.classes import CustomerClass
from app.purchases.models import Person
from app.tagging.schemas import Quote


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it."""

    person_id: str
    code_name: str
    customer_class: CustomerClass


@dataclass(frozen=True, slots=True)
class Voices:
    """Quotes a reader may see, and what was kept from them."""

    quotes: tuple[BoardQuote, ...]
    left_out: LeftOut
    hidden: tuple[Quote, ...]

    def of(self, person_id: str) -> tuple[BoardQuote, ...]:
        """Return one person's quotes."""
        return tuple(quote for quote in self.quotes if quote.person_id == person_id)


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate of a study with the person behind it and their finished interview, if there is one."""

    candidate: Candidate
    person: Person
    interview: Interview | None

    @property
    def speaker(self) -> Speaker:
        """Code name and class as they were when the person was picked."""
        return Speaker(
            person_id=self.person.public_id,
            code_name=self.person.code_name or "",
            customer_class=self.candidate.lane,
        )
