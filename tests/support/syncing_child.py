"""A gateway that does what it is told, and says what came of it.

    python syncing_child.py HOME DATABASE_URL

Reads orders and prints answers, a line each.
"""

import sys
from pathlib import Path

from brokers import Clock, settings_for
from ledgers import EVENT
from referrals import submit

from broker.domain.errors import BrokerError
from broker.wiring import Services, assemble
from keys import KeyManagementError


def act(services: Services, words: list[str]) -> object:
    match words:
        case ["submit", key]:
            return submit(services, key)
        case ["keep"]:
            return services.checkpoints.keep().checkpoint.size
        case ["record", count]:
            with services.transaction() as tx:
                return tx.append(*[EVENT] * int(count))[-1]
        case _:
            raise ValueError(words)


def main(home: str, url: str) -> None:
    services = assemble(settings_for(Path(home), url), clock=Clock())
    for line in sys.stdin:
        try:
            came_of_it = act(services, line.split())
        except (BrokerError, KeyManagementError) as error:
            came_of_it = f"{type(error).__name__}: {error}"
        sys.stdout.write(f"{came_of_it}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
