"""What is told about a case: codes and moments, one shape for the API and the command line."""

from collections.abc import Iterable

from broker.cases.earlier.views import match_document
from broker.cases.register import CaseFrom, CaseShown
from broker.domain.cases.cases import Case, CaseLink, CaseMember
from broker.domain.cases.stages import ENDS_IN_WORDS, RAILS
from broker.domain.times import moment_text, rfc3339


def case_document(case: Case) -> dict[str, object]:
    """Return where a case stands, and to which stages it can come from there."""
    rail = RAILS[case.kind]
    end = case.closed_as
    return {
        "case": case.id,
        "kind": case.kind.value,
        "agency": case.agency,
        "stage": case.stage.value,
        "stage_since": rfc3339(case.stage_since),
        "next_stages": [stage.value for stage in rail if stage in rail[case.stage]],
        "opened_at": rfc3339(case.opened_at),
        "opened_by": case.opened_by,
        "closed_as": None if end is None else end.value,
        "closed_in_words": None if end is None else ENDS_IN_WORDS[end],
        "closed_by": None if case.closed_by is None else case.closed_by.value,
        "retention_class": case.retention_class,
        "version": case.version,
    }


def opened_from_document(opened: CaseFrom) -> dict[str, object]:
    """Return a recipient's own case, with the earlier references about the same person."""
    return {**case_document(opened.case), "earlier": list(map(match_document, opened.earlier))}


def shown_document(shown: CaseShown) -> dict[str, object]:
    """Return a case with its references in order, its members, and what it is linked to."""
    return {
        **case_document(shown.case),
        "references": [str(reference) for reference in shown.references],
        "members": list(map(_member, shown.case.members)),
        "links": list(map(_link, shown.case.links)),
        "known_by": list(shown.known_by),
    }


def cases_document(cases: Iterable[Case]) -> dict[str, object]:
    """Return a list of cases."""
    return {"cases": list(map(case_document, cases))}


def _member(member: CaseMember) -> dict[str, object]:
    return {
        "person": member.person,
        "agency": member.agency,
        "role": member.role.value,
        "since": rfc3339(member.since),
        "until": moment_text(member.until),
        "added_by": member.added_by,
    }


def _link(link: CaseLink) -> dict[str, object]:
    return {
        "other": link.other,
        "kind": link.kind.value,
        "by": link.by,
        "at": rfc3339(link.at),
    }
