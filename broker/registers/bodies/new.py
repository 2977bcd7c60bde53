"""A body as it stands in the directory before anything is settled about it."""

from broker.domain.model import Agency
from keys import AgencyId


def new_body(name: AgencyId, title: str = "", kind: str = "") -> Agency:
    """Return a body of which only its name is known: nothing is agreed, nobody else decides."""
    return Agency(
        id=name,
        name=title,
        kind=kind,
        in_united_kingdom=True,
        sharing_agreement_until=None,
        undertaking_signed=False,
        suitability_until=None,
        bases={},
        sharing_duty_body=False,
        check="advisory",
        check_purposes=frozenset(),
        completes="practitioner",
        pathway=None,
        guardian_body=None,
    )
