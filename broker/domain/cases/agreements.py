"""What somebody said about a case: told, agreement to share, consent to support; each apart.

Three kinds of record, never one box. Facts of a pack are derived from them where they exist.

>>> AgreementStatus("not-sought").fact
'not-sought'
>>> AgreementStatus.ASKED.fact
'unknown'
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import WrongStateError
from broker.domain.json_values import as_object, text, texts
from broker.domain.people.ages import ADULT, Sure, under
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from keys import CaseId, PersonId

ASK_AGAIN: Final = timedelta(days=14)
"""How long before an agreement ends somebody is to ask again."""


NOTHING_GIVEN: Final = "Nothing was given that could be taken back."
"""What is told where there is no agreement to withdraw."""


@unique
class AgreementKind(StrEnum):
    """What is recorded: that they know, that it may be shared, that they take part in support."""

    TOLD = "told"
    SHARE = "share"
    SUPPORT = "support"


@unique
class AgreementStatus(StrEnum):
    """How a record stands."""

    NOT_SOUGHT = "not-sought"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    UNABLE = "unable"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def fact(self) -> str:
        """The status that a pack's facts name for it; of an expired one its last day says more."""
        return {"asked": "unknown", "expired": "given"}.get(self.value, self.value)


@unique
class Giver(StrEnum):
    """Who answered."""

    NOBODY = "nobody"
    PERSON = "person"
    PARENT = "parent"
    ATTORNEY = "attorney"


RECORDED: Final = frozenset(AgreementStatus) - {
    AgreementStatus.EXPIRED,
    AgreementStatus.WITHDRAWN,
    AgreementStatus.SUPERSEDED,
}
"""What people record; the others come of days, of a withdrawal, and of a record that follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What was agreed to: kinds of bodies and purposes; both empty where nothing was."""

    recipients: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


NOTHING: Final = Scope()
"""The scope of what was not agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One record of a case: what was answered, by whom, when, for what and until when.

    A case has one record of each kind; of support one for each giver, since at 16 and 17 both the
    person and a parent may answer. `version` counts what the record said.
    """

    case: CaseId
    kind: AgreementKind
    status: AgreementStatus
    giver: Giver
    given_on: date | None
    expires_on: date | None
    scope: Scope
    version: int
    recorded_by: PersonId
    recorded_at: datetime

    @property
    def id(self) -> str:
        """What its row is called: one name for each record that a case can have."""
        return _id(self.case, self.kind, self.giver)

    @property
    def asks_again_on(self) -> date | None:
        """The day by which somebody is to ask again, None where it has no end."""
        holds = self.status is AgreementStatus.GIVEN
        return self.expires_on - ASK_AGAIN if holds and self.expires_on else None

    def standing(self, today: date) -> AgreementStatus:
        """Return how it stands on a day: what was given is expired after its last day."""
        over = self.expires_on is not None and self.expires_on < today
        if self.status is AgreementStatus.GIVEN and over:
            return AgreementStatus.EXPIRED
        return self.status

    def must_hold(self, today: date) -> None:
        """Return if it is given and in date, so that it can be taken back."""
        if self.standing(today) is not AgreementStatus.GIVEN:
            raise WrongStateError(NOTHING_GIVEN)

    def document(self) -> dict[str, object]:
        """Return what is kept of it, sealed under the key of its case."""
        return {
            "status": self.status.value,
            "giver": self.giver.value,
            "given_on": day_text(self.given_on),
            "expires_on": day_text(self.expires_on),
            "recipients": list(self.scope.recipients),
            "purposes": list(self.scope.purposes),
            "by": self.recorded_by,
            "at": rfc3339(self.recorded_at),
        }

    @classmethod
    def of_document(
        cls, case: CaseId, kind: AgreementKind, version: int, kept: object
    ) -> "Agreement":
        """Return the record that `document` wrote."""
        said = as_object(kept)
        return cls(
            case=case,
            kind=kind,
            status=AgreementStatus(text(said["status"])),
            giver=Giver(text(said["giver"])),
            given_on=_day(said["given_on"]),
            expires_on=_day(said["expires_on"]),
            scope=Scope(recipients=texts(said["recipients"]), purposes=texts(said["purposes"])),
            version=version,
            recorded_by=PersonId(text(said["by"])),
            recorded_at=moment_of(text(said["at"])),
        )


def last_day(giver: Giver, until: date | None, born: date | None) -> date | None:
    """Return the last day of what was given: a parent's ends the day before an 18th birthday."""
    if giver is not Giver.PARENT or born is None:
        return until
    before = _birthday(born, ADULT) - timedelta(days=1)
    return before if until is None else min(until, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Whom records are about, and the day they are read: a birthday, or the ages that may be."""

    today: date
    born: date | None = None
    ages: tuple[int, int] | None = None

    @property
    def is_child(self) -> Sure:
        """Whether they are under 18 that day, as far as it is known."""
        return under(ADULT, self.today, self.born, self.ages)


def derived(records: Iterable[Agreement], whom: Whom) -> dict[str, Mapping[str, object]]:
    """Return the facts that records give, by the fact that they stand in the place of.

    Only what a record says: the risk of telling or asking and its reason stay the pack's. A
    parent's answer ends before the 18th birthday, whenever recorded. To support the statute asks a
    parent of a child and an adult themselves; a child's own answer is a fact beside it.
    """
    found: dict[str, Mapping[str, object]] = {}
    support: dict[Giver, Agreement] = {}
    for kept in records:
        if kept.status is AgreementStatus.SUPERSEDED:
            continue
        one = replace(kept, expires_on=last_day(kept.giver, kept.expires_on, whom.born))
        match one.kind:
            case AgreementKind.TOLD:
                is_told = one.status is AgreementStatus.GIVEN
                found["told"] = {"status": "yes" if is_told else "no"}
            case AgreementKind.SHARE:
                found["agreement_to_share"] = {**_answer(one), **_scope(one)}
            case AgreementKind.SUPPORT:
                support[one.giver] = one
    return found | dict(_of_support(support, whom))


_STATUTES: Final = {
    Sure.YES: (Giver.PARENT, Giver.ATTORNEY, Giver.NOBODY),
    Sure.NO: (Giver.PERSON, Giver.ATTORNEY, Giver.PARENT, Giver.NOBODY),
    Sure.PERHAPS: (Giver.PARENT, Giver.PERSON, Giver.ATTORNEY, Giver.NOBODY),
}
"""Whose record is the statute's agreement to support of a child or not: the first there is."""

_OWN: Final = {
    AgreementStatus.GIVEN: "agrees",
    AgreementStatus.REFUSED: "refuses",
    AgreementStatus.WITHDRAWN: "refuses",
    AgreementStatus.ASKED: "unknown",
    AgreementStatus.UNABLE: "not-applicable",
}
"""The young person's own answer to support; what is over or was never sought was not asked."""


def _of_support(
    support: Mapping[Giver, Agreement], whom: Whom
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the statute's agreement to support and the person's own answer, as recorded."""
    statutes = [support[giver] for giver in _STATUTES[whom.is_child] if giver in support]
    if statutes:
        yield "agreement_to_support", _answer(statutes[0])
    if Giver.PERSON in support and whom.is_child is not Sure.NO:
        own = _OWN.get(support[Giver.PERSON].standing(whom.today), "not-asked")
        yield "subject", {"own_answer_to_support": own}


def _answer(one: Agreement) -> dict[str, object]:
    return {
        "status": one.status.fact,
        "given_by": one.giver.value,
        "given_on": day_text(one.given_on),
        "expires_on": day_text(one.expires_on),
    }


def _scope(one: Agreement) -> dict[str, object]:
    return {
        "recipients": list(one.scope.recipients),
        "purposes": list(one.scope.purposes),
    }


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        # Born on 29 February: of age on 1 March.
        return date(born.year + years, 3, 1)


def _day(kept: object) -> date | None:
    return day_of(text(kept)) if kept is not None else None


def ids_of(case: CaseId) -> frozenset[str]:
    """Return what the row of each record that a case can have is called."""
    return frozenset(_id(case, kind, giver) for kind in AgreementKind for giver in Giver)


def _id(case: CaseId, kind: AgreementKind, giver: Giver) -> str:
    line = giver if kind is AgreementKind.SUPPORT else Giver.PERSON
    return f"{case}.{kind}.{line}"
