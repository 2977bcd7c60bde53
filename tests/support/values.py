"""Made-up values of the gateway's nouns; every factory takes what shall differ."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from brokers import NOON, NURSE
from packs import pack_bytes

from broker.domain.facts import NOBODY_LOOKED, Known, Route
from broker.domain.model import Agency, Disclosure, LegalBasis, Mailbox, MailboxId, Pack
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.documents import read_pack
from keys import AgencyId, CaseId, PersonId
from policies import Decision, Obligation, Outcome, Rulebook, Timing
from policies.decision import RuleId

BASIS = LegalBasis(
    article_6="6(1)(e)", article_9="9(2)(g)", schedule_1="6", power="Made-up Act 2015 s26"
)
TRUST = Agency(
    id=AgencyId("northshire-trust"),
    name="Northshire Example NHS Trust",
    kind="nhs",
    in_united_kingdom=True,
    sharing_agreement_until=date(2099, 12, 31),
    undertaking_signed=False,
    suitability_until=None,
    bases={"*": BASIS},
    sharing_duty_body=True,
    check="before-sending",
    check_purposes=frozenset({"referral"}),
    completes="practitioner",
    pathway="livewell",
    guardian_body=None,
)
POLICE = replace(
    TRUST,
    id=AgencyId("northshire-police"),
    name="Northshire Example Police",
    kind="police",
    bases={},
    check="advisory",
    check_purposes=frozenset(),
    pathway=None,
)
PREVENT = Mailbox(
    id=MailboxId("northshire-prevent"),
    agency=POLICE.id,
    title="Prevent team",
    address="prevent@northshire-example.police.uk",
    type="role",
    accepts_encrypted="yes",
    telephone="01632 960 001",
    function="prevent-inbox",
    version=1,
    verified_on=date(2026, 3, 1),
    verified_by=PersonId("p-keeper"),
)
NOTHING_KNOWN = Known(earlier=NOBODY_LOOKED, sharing_duty=False)
REFERENCE = Reference("7Q4KM2XH")


@cache
def the_rulebook() -> Rulebook:
    return Rulebook.shipped()


def a_read_pack(**changes: Any) -> Pack:
    """Return the pack of `packs.a_pack`, read as the API reads it."""
    return read_pack(pack_bytes(**changes), the_rulebook().vocabulary, date(2026, 3, 16))


def a_route(**changes: Any) -> Route:
    route = Route(
        sender=TRUST,
        requester=NURSE,
        mailbox=PREVENT,
        recipient=POLICE,
        mail="secure",
        way_out="secure",
    )
    return replace(route, **changes)


def an_obligation(
    type_: str, when: Timing = Timing.AFTER_RELEASE, **properties: Any
) -> Obligation:
    return Obligation(rule=RuleId("R00"), type=type_, when=when, properties=properties)


def a_decision(**changes: Any) -> Decision:
    decision = Decision(
        outcome=Outcome.PERMIT,
        findings=(),
        obligations=(),
        release=("individual.name",),
        withheld={},
        lawful_if=(),
        version="sha256:made-up",
        engine="made-up/1",
    )
    return replace(decision, **changes)


def a_disclosure(**changes: Any) -> Disclosure:
    disclosure = Disclosure(
        reference=REFERENCE,
        case=CaseId("c-0001"),
        sender=TRUST.id,
        requester=NURSE.id,
        recipient=PREVENT.id,
        purpose="referral",
        outcome="permit",
        state=State.DECIDED,
        rulebook="sha256:made-up",
        created_at=NOON,
        changed_at=NOON,
        message_id=None,
        sealed_sha256=None,
        decision_number=1,
        due_on=None,
    )
    return replace(disclosure, **changes)
