"""Commands of the program, called as somebody whose token lies in the home."""

import json
import os
import secrets
from dataclasses import dataclass
from typing import Any

from forks import Call, called
from packs import EXAMPLES

from broker.access.tokens import TERMS
from broker.cli import main
from broker.domain.model import Person
from broker.wiring import Services


def run(
    services: Services, who: Person | str, *arguments: str, typed: str = ""
) -> tuple[int, str, str]:
    """Call `broker` as a person, or by the token of a session.

    Return its exit status, what it said, and what it said was wrong.
    """
    home = services.home.path
    token = home / f"token-{secrets.token_hex(4)}"
    token.write_text(who if isinstance(who, str) else services.tokens.signed(who, TERMS))
    token.chmod(0o600)
    environment = {**os.environ, "BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}
    call = Call(arguments=arguments, typed=typed, folder=EXAMPLES.parent, environment=environment)
    return called(main, call)


@dataclass(frozen=True)
class Commands:
    """The commands of one group, which are expected to succeed."""

    services: Services
    group: str

    def words(self, who: Person | str, *arguments: str, typed: str = "") -> str:
        """What a command says to people, on one line."""
        status, said, wrong = run(self.services, who, self.group, *arguments, typed=typed)
        assert (status, wrong) == (0, ""), (arguments, wrong)
        return " ".join(said.split())

    def told(self, who: Person | str, *arguments: str, typed: str = "") -> dict[str, Any]:
        """What a command tells a program."""
        status, said, wrong = run(
            self.services, who, self.group, *arguments, "--json", typed=typed
        )
        assert (status, wrong) == (0, ""), (arguments, wrong)
        found: dict[str, Any] = json.loads(said)
        return found
