"""What a practitioner reads of a decision: nothing of what their body knew before.

That there were earlier concerns is for the lead and the Guardian of the body, who are told.
"""

from collections.abc import Iterable, Mapping

from broker.domain.cases.cases import SEES_ITS_BODY
from broker.domain.cases.earlier import READ_EARLIER, RULE
from broker.domain.json_values import as_array, as_object
from broker.domain.model import Duty, Person


def decision_for(decision: Mapping[str, object], person: Person) -> dict[str, object]:
    """Return a decision document as somebody may read it."""
    if person.role in SEES_ITS_BODY:
        return dict(decision)
    findings = map(as_object, as_array(decision["findings"]))
    obligations = map(as_object, as_array(decision["obligations"]))
    return {
        **decision,
        "findings": [one for one in findings if one["rule"] != RULE],
        "obligations": [one for one in obligations if not _is_of_earlier(one)],
    }


def duties_for(
    duties: Iterable[Duty], decision: Mapping[str, object], person: Person
) -> tuple[Duty, ...]:
    """Return what is owed, without what is the lead's or the Guardian's alone to do."""
    if person.role in SEES_ITS_BODY:
        return tuple(duties)
    obligations = map(as_object, as_array(decision["obligations"]))
    theirs = {one["type"] for one in obligations if _is_of_earlier(one)}
    return tuple(duty for duty in duties if duty.type not in {*theirs, READ_EARLIER})


def _is_of_earlier(obligation: Mapping[str, object]) -> bool:
    return str(obligation["id"]).startswith(f"{RULE}-")
