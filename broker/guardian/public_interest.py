"""The public interest in nine parts: what a Guardian writes who lets something go against a no.

An adult who was asked and said no, or took an agreement back, is told against their will. So an
approval says part by part why, and is kept with the review and committed to on the ledger.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.json_values import as_object
from broker.domain.model import Pack
from policies import Decision, Status

DECIDED_BY: Final = "decided-by"
"""The part that says who decides; it is filled in where nobody wrote it."""

PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "harm-to-the-person": "Harm to the person if it goes",
        "harm-to-trust": "Harm to trust and later help",
        "harm-to-others": "Harm to others if it does not: who, how grave, how likely, how soon",
        "good": "The good you expect",
        "kind": "What kind of information, and what the person thinks",
        "less": "Would less do?",
        "asked": "Were they asked? If not, why?",
        "conclusion": "What you conclude",
        DECIDED_BY: "Your name and role",
    }
)
"""The nine parts by code, in the words of their labels and in their order."""

_SAID_NO: Final = frozenset({"refused", "withdrawn"})
_ADULT_WITHOUT_AGREEMENT: Final = "R13"
_LETS_GO: Final = frozenset({"approve", "approve-reduced"})


def is_against_a_no(pack: Pack, decision: Decision) -> bool:
    """Say whether what goes would go although an adult who can decide said no to it."""
    status = as_object(pack.questions["agreement_to_share"])["status"]
    applies = any(
        finding.rule == _ADULT_WITHOUT_AGREEMENT and finding.status is not Status.NOT_APPLICABLE
        for finding in decision.findings
    )
    return applies and status in _SAID_NO


def must_be_weighed(
    verdict: str, written: Mapping[str, str], pack: Pack, decision: Decision
) -> None:
    """Return unless an approval against a no lacks a part of the public-interest record.

    Raises `FaultyDocumentError` that names each part which nobody wrote, or which is none.
    """
    strange = [part for part in written if part not in PARTS]
    faults = [
        Fault(place="public_interest", problem=f"has a part that is none: {', '.join(PARTS)}")
        for _ in strange[:1]
    ]
    if verdict in _LETS_GO and is_against_a_no(pack, decision):
        faults += [
            Fault(
                place=f"public_interest.{part}",
                problem=f"must be written, since an adult said no ({label})",
            )
            for part, label in PARTS.items()
            if part != DECIDED_BY and not written.get(part, "").strip()
        ]
    if faults:
        raise FaultyDocumentError(tuple(faults))


def with_decider(written: Mapping[str, str], who: str) -> dict[str, str]:
    """Return the parts in their order, blank ones left out, with who decides filled in."""
    kept = {part: written[part].strip() for part in PARTS if written.get(part, "").strip()}
    return {**kept, DECIDED_BY: kept.get(DECIDED_BY, who)} if kept else {}
