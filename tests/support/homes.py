"""Installations that are made once, and copied for each test that needs one of its own."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from brokers import Clock, a_broker, settings_for

from broker.wiring import Services, assemble
from policies import Rulebook

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A home that is set up and closed, and the rulebook that it has read."""

    home: Path
    version: str
    rulebook: Rulebook

    def copied(self, home: Path, clock: Clock, database_url: str | None = None) -> Services:
        """Return a broker as `a_broker` makes it, of a copy of its home and of its database."""
        shutil.copytree(self.home, home)
        services = assemble(settings_for(home, database_url), clock=clock)
        # Whoever has just set a broker up has read its rulebook too.
        services.rulebooks.rules._read[self.version] = self.rulebook
        return services

    def after(self, home: Path, act: Callable[[Services], Done]) -> tuple["Prepared", Done]:
        """Return a copy in which something more was done, to be copied too, and what that gave."""
        services = self.copied(home, Clock())
        done = act(services)
        services.close()
        return replace(self, home=home), done


def prepare(home: Path, database_url: str | None = None) -> Prepared:
    """Set a broker up in `home`, and close it."""
    services = a_broker(home, Clock(), database_url)
    ((version, rulebook),) = services.rulebooks.rules._read.items()
    services.close()
    return Prepared(home=home, version=version, rulebook=rulebook)
