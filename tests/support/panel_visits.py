"""A panel and the browsers of those who have a part in it, each signed in once."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from gateways import gateway
from markup import page_client
from panels import Panel
from people import FIRST, cheaply, opened
from visits import Visit, cheap

from broker.domain.model import Person


@dataclass
class PanelVisits:
    """A panel, and who of it has signed in."""

    panel: Panel
    visits: dict[str, Visit] = field(default_factory=dict[str, Visit])

    def as_(self, person: Person) -> Visit:
        """The browser of somebody who has signed in."""
        if person.id not in self.visits:
            services, clock = self.panel.services, self.panel.clock
            access = cheaply(services)
            code = access.accounts.invite(person.id, replace(FIRST, agency=person.agency))
            held = opened(access, code, clock)
            clock.forward(timedelta(minutes=1))
            client = page_client(gateway(cheap(services)))
            self.visits[person.id] = Visit(client=client, held=held, clock=clock)
            assert self.visits[person.id].sign_in().status_code == 303
        return self.visits[person.id]
