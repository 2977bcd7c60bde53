"""`broker breach` from the first word to the last: opened, listed, read, written, closed."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from brokers import NURSE, Clock
from forks import Call, called
from packs import EXAMPLES
from referrals import submit

from broker.access.tokens import TERMS
from broker.cli import main
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import uk_time
from broker.wiring import Services
from keys import PersonId

IG = Person(id=PersonId("p-ig"), agency=NURSE.agency, role=Role.IG)
SAID = "It went to the inbox of another team."


def test_the_command_opens_lists_shows_updates_and_closes(
    sqlite_broker: Services, clock: Clock
) -> None:
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    reference = submit(sqlite_broker)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        home = sqlite_broker.home.path
        token = home / "token-of-ig"
        token.write_text(sqlite_broker.tokens.signed(IG, TERMS))
        token.chmod(0o600)
        environment = {**os.environ, "BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}
        call = Call(
            arguments=arguments, typed=typed, folder=EXAMPLES.parent, environment=environment
        )
        return called(main, call)

    def told(*arguments: str, typed: str = "") -> Any:
        code, out, err = run(*arguments, "--json", typed=typed)
        assert (code, err) == (0, "")
        return json.loads(out)

    assert "There is no breach record" in run("breach", "list")[1]
    since = uk_time(clock() - timedelta(hours=1))
    words = ("--words-file", "-")
    about = ("--about", str(reference), "--kind", "breach", "--cause", "wrong-recipient")
    certain = ("--certain-since", f"{since:%Y-%m-%dT%H:%M}")
    opened = told("breach", "open", *about, *certain, *words, typed=SAID)
    record = opened["id"]

    assert opened["lacks"] == ["contained", "risk", "regulator", "person", "lesson"]
    assert "the Commissioner hears by" in run("breach", "list")[1]
    assert told("breach", "list")["breaches"][0]["id"] == record
    closing = run("breach", "close", record)
    assert (closing[0], "cannot be closed yet" in closing[2]) == (1, True)
    shown = ""
    for step, choice in (
        ("contained", ()),
        ("risk", ("--as", "none")),
        ("regulator", ("--as", "not-reported")),
        ("person", ("--as", "told")),
        ("lesson", ()),
    ):
        code, shown, _ = run("breach", "update", record, step, *choice, *words, typed=SAID)
        assert (step, code) == (step, 0)
    assert "to write" not in shown
    assert "It was not reported" in shown
    assert told("breach", "close", record)["closed_by"] == IG.id
    assert SAID in run("breach", "show", record)[1]
    assert told("breach", "show", record)["words"]["opened"] == SAID
    assert "closed" in run("breach", "list")[1]
