"""Brokers for tests: real parts, a clock that stands still until it is moved."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packs import EXAMPLES, pack_bytes

from broker.disclosures.flow import Submission
from broker.domain.directory.backing import CallBack, NumberFrom
from broker.domain.model import Pack, Person
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.intake.documents import read_directory, read_pack
from broker.intake.submissions import submission_of
from broker.operations.installation import initialise
from broker.registers.directory import Entries
from broker.settings import CallLimits, Settings
from broker.wiring import Services
from keys import AgencyId, PersonId

FIRST_KEY = "key-00000001"
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
CALL = CallBack(
    number="01632 960 000", source=NumberFrom.SWITCHBOARD, spoke_to="Team administrator"
)
NURSE = Person(id=PersonId("p-nurse"), agency=AgencyId("northshire-trust"), role=Role.PRACTITIONER)
KEEPER_OF_KEYS = Person(
    id=PersonId("p-keys"), agency=AgencyId("northshire-trust"), role=Role.OPERATOR
)
TEACHER = Person(
    id=PersonId("p-teacher"), agency=AgencyId("example-school"), role=Role.PRACTITIONER
)


@dataclass(slots=True)
class Clock:
    """Says what it is told."""

    now: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


def settings_for(home: Path, database_url: str | None = None) -> Settings:
    return Settings(
        home=home,
        database_url=database_url or f"sqlite:///{home / 'broker.db'}",
        keystore_protection=None,
        token_file=None,
        port=8350,
        threads=8,
        behind_proxy=False,
        mail_from="broker@disclosure.invalid",
        log_level="info",
        # A test's clock stands still, so that no bucket would ever be filled again.
        limits=CallLimits(person=999_999, body=999_999, address=999_999),
    )


def a_broker(home: Path, clock: Clock, database_url: str | None = None) -> Services:
    """Return a broker with the sample directory, every mailbox verified."""
    services = initialise(settings_for(home, database_url), run_by=NURSE.agency, clock=clock)
    agencies, mailboxes = read_directory((EXAMPLES / "directory.json").read_bytes())
    entering, keeper = PersonId("p-entering-keeper"), PersonId("p-first-keeper")
    entries = Entries(agencies=agencies, mailboxes=mailboxes)
    services.directory.add(entries, services.rulebooks.in_force(), entering)
    for mailbox in mailboxes:
        services.directory.verify(mailbox.id, CALL, keeper)
    return services


def a_token(services: Services, person: Person, role: Role = Role.PRACTITIONER) -> str:
    return services.tokens.issue(replace(person, role=role), by="operator")


def read_here(services: Services, **changes: Any) -> Pack:
    """Return a pack as the broker reads it on its day."""
    today = uk_day(services.clock())
    return read_pack(pack_bytes(**changes), services.rulebooks.in_force().vocabulary, today)


def a_submission(services: Services, key: str = FIRST_KEY, **changes: Any) -> Submission:
    """Return a pack submitted with a key; under another key than the first it says why it is sent.

    The same pack would otherwise be taken for the one that is on its way.
    """
    anew = {} if key == FIRST_KEY else {"again": f"Sent once more for {key}."}
    return submission_of(
        read_here(services, **anew, **changes),
        {},
        key,
        services.idempotency,
        services.sandbox.inspect,
    )
