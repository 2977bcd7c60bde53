"""The command as people and scripts call it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forks import Call, called
from ledgers import run_verifier
from packs import EXAMPLES
from referrals import WEIGHED

from audit.format.notes.trust_policy import TrustPolicy
from broker.cli import main
from keys import Keystore

CASES = Path(__file__).parent.parent / "cases"
ROOT = EXAMPLES.parent
REASON = ("--reason-file", "-")
WHY, COURT = ("--why-file", "-"), "It is before the court."


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """Calls `broker` in a home of its own."""

    home: Path
    token: Path | None = None

    def __call__(self, *arguments: str, typed: str = "", **more: str) -> Answer:
        call = Call(
            arguments=arguments, typed=typed, folder=ROOT, environment=self._environment(more)
        )
        return Answer(*called(main, call))

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        own = {"BROKER_HOME": str(self.home)}
        if self.token is not None:
            own["BROKER_TOKEN_FILE"] = str(self.token)
        inherited = {name: value for name, value in os.environ.items() if name != "BROKER_HOME"}
        return {**inherited, **own, **more}


@pytest.fixture(name="broker")
def _broker(tmp_path: Path) -> Shell:
    return Shell(home=tmp_path / "home")


@pytest.fixture(scope="module", name="filled_once")
def _filled_once(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A broker with the sample directory, and a nurse's token: to be copied, and not used."""
    broker = Shell(home=tmp_path_factory.mktemp("filled") / "home")
    assert broker("init", "--run-by", "northshire-trust").status == 0
    assert (
        broker("directory", "add", str(EXAMPLES / "directory.json"), "--by", "p-keeper").status
        == 0
    )
    call = ("--rang", "01632 960 000", "--from", "switchboard", "--spoke-to", "Team administrator")
    verified = broker("directory", "verify", "northshire-prevent", *call, "--by", "p-second")
    assert verified.status == 0, verified
    who = ("--role", "practitioner", "--person", "p-nurse", "--agency", "northshire-trust")
    assert broker("tokens", "new", *who, "--to", str(broker.home / "token")).status == 0
    return broker


@pytest.fixture(name="filled")
def _filled(filled_once: Shell, broker: Shell) -> Shell:
    """The same as a home of one test's own."""
    shutil.copytree(filled_once.home, broker.home)
    broker.token = broker.home / "token"
    return broker


def as_a_guardian(broker: Shell, person: str = "p-guardian") -> Shell:
    """Return the same broker with a Guardian's token."""
    return acting_as(broker, "guardian", person)


def acting_as(broker: Shell, role: str, person: str) -> Shell:
    """Return the same broker with the token of another person."""
    token = broker.home / f"token-of-{person}"
    who = ("--role", role, "--person", person, "--agency", "northshire-trust")
    assert broker("tokens", "new", *who, "--to", str(token)).status == 0
    return Shell(home=broker.home, token=token)


def test_a_pack_goes_from_the_command_line_to_its_recipient(filled: Shell) -> None:
    told = filled("refer", str(EXAMPLES / "5-emergency.json"), "--json").json
    reference = told["reference"]

    assert filled("handover", reference).status == 1
    assert filled("dispatch", "--json").json["steps"] == 2
    given = filled("handover", reference, "--json").json
    assert given["telephone"] == "01632 960 001"
    assert filled("handover", reference).status == 1
    again = filled("handover", reference, *REASON, "--json", typed="The line was cut off.").json
    assert again["passphrase"] == given["passphrase"]
    assert filled("acknowledge", reference, "--json").json["state"] == "acknowledged"
    recalled = filled("recall", reference, "--json").json
    assert (recalled["state"], recalled["called_back"]) == ("acknowledged", "asked")
    assert filled("recall", reference).status == 1
    assert filled("ledger", "verify", "--json").json["verdict"] == "verified"


def test_what_is_told_in_words_names_the_next_step(filled: Shell) -> None:
    answer = filled("refer", str(EXAMPLES / "3-refused.json"))

    assert answer.status == 0
    assert "Nothing was sent. See what would make it lawful" in answer.out
    assert "Name something that the person did or said" in answer.out


def weighed(filled: Shell) -> tuple[str, str]:
    """Return the option that names a file with the public interest, part by part."""
    file = filled.home / "weighed.json"
    file.write_text(json.dumps(WEIGHED))
    return ("--public-interest-file", str(file))


def test_a_guardian_reads_and_decides_from_the_command_line(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "4-referred.json"), "--json").json["reference"]
    filled = as_a_guardian(filled)
    grounds = (*weighed(filled), "--verdict", "approve", "--relation", "independent")
    answer = (*grounds, *REASON, "--yes")

    assert reference in filled("review", "list").out
    shown = filled("review", "show", reference).out
    assert (
        "R13 An adult without an agreement that holds (not met, so a person must decide):" in shown
    )
    assert "The duty to share can matter as much as the duty to protect." in shown
    silent = filled("review", "decide", reference, *answer)
    assert (silent.status, "Missing option '--principle'" in silent.err) == (2, True)
    beyond = filled("review", "decide", reference, *answer, "--principle", "9")
    assert (beyond.status, "1<=x<=8" in beyond.err) == (2, True)
    decided = filled(
        *("review", "decide", reference, *answer, "--principle", "7", "--json"),
        typed="Harm outweighs.",
    ).json
    assert decided["state"] == "decided"
    afterwards = filled("review", "list").out
    assert "For another Guardian to look back at:" in afterwards
    assert f"{reference} due" in afterwards
    assert "override" in afterwards


def test_a_guardian_asks_and_a_deputy_looks_back(filled: Shell) -> None:
    guardian, deputy = as_a_guardian(filled), as_a_guardian(filled, "p-deputy")
    reference = filled("refer", str(EXAMPLES / "4-referred.json"), "--json").json["reference"]
    independent = ("--relation", "independent", "--principle", "7")

    asked = guardian(
        "review", "ask", reference, "--question-file", "-", *independent, typed="Who saw it?"
    )
    assert "The sender was asked" in asked.out
    filled("reply", reference, "--text-file", "-", typed="The class teacher.")
    assert "question      Who saw it? (p-guardian, " in filled("questions", reference).out
    assert "reply         The class teacher." in guardian("review", "show", reference).out
    approved = (*weighed(filled), "--verdict", "approve", *REASON, "--yes", *independent)
    decided = guardian("review", "decide", reference, *approved, typed="Harm outweighs.")
    assert decided.status == 0
    opinion = ("--opinion", "dissent", *REASON, *independent)
    own = guardian("review", "look-back", reference, *opinion, typed="Too much went.")
    assert (own.status, "Ask a deputy Guardian" in own.err) == (1, True)
    dissent = deputy("review", "look-back", reference, *opinion, typed="Too much went.")
    assert "dissent (override)" in dissent.out
    assert "recall it" in dissent.out
    assert deputy("recall", reference, "--json").json["state"] == "recalled"
    assert deputy("review", "list").out == "Nothing waits.\n"


def test_what_is_owed_is_done_from_the_command_line(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "5-emergency.json"), "--json").json["reference"]

    done = filled("done", reference, "tell-the-guardian")

    assert "(tell-the-guardian, done on " in " ".join(done.out.split())
    again = filled("done", reference, "tell-the-guardian")
    assert (again.status, "No such duty is open" in again.err) == (1, True)


def test_an_operator_is_not_given_a_passphrase(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "5-emergency.json"), "--json").json["reference"]
    filled("dispatch")
    who = ("--role", "operator", "--person", "p-admin", "--agency", "northshire-trust")
    token = filled.home / "admin-token"
    assert filled("tokens", "new", *who, "--to", str(token)).status == 0

    answer = filled("handover", reference, BROKER_TOKEN_FILE=str(token))

    assert answer.status == 1
    assert "Your role may not do this" in answer.err


def test_an_operator_erases_a_case_after_being_asked(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "3-refused.json"), "--json").json["reference"]
    admin = acting_as(filled, "operator", "p-admin")
    erasing = ("keys", "erase", reference, "--why", "order")

    assert "Your role may not do this" in filled(*erasing, "--yes").err
    asked = admin(*erasing, typed="n\n")
    assert (asked.status, asked.out) == (1, "")
    assert f"The content of {reference} cannot be brought back. Erase it?" in asked.err
    told = admin(*erasing, "--json", typed="y\n").json
    assert (told["references"], told["erased_before"]) == ([reference], False)
    again = admin("keys", "erase", told["case"], "--why", "order", "--yes")
    assert f"The content of {reference} was erased before." in again.out
    recalled = filled("recall", reference)
    assert (recalled.status, "The key of this case was erased" in recalled.err) == (1, True)
    assert admin("policy", "replay", "--json").json["erased"] == 1
    assert admin("ledger", "verify", "--json").json["verdict"] == "verified"


def test_an_older_keystore_is_named_and_loses_what_was_erased_once_two_people_go_on(
    filled: Shell, tmp_path: Path
) -> None:
    reference = filled("refer", str(EXAMPLES / "3-refused.json"), "--json").json["reference"]
    admin = acting_as(filled, "operator", "p-admin")
    keystore, older = filled.home / "keystore", tmp_path / "older"
    shutil.copytree(keystore, older)
    assert admin("keys", "erase", reference, "--why", "order", "--yes").status == 0
    shutil.rmtree(keystore)
    shutil.copytree(older, keystore)
    assert len(Keystore.open(keystore).cases()) == 1

    looked = filled("check", "--json")
    assert (looked.status, looked.json["faults"][0]) == (1, "stores-differ")
    assert looked.err.startswith("The keystore is older than the database and the checkpoints.")
    assert "broker ledger restore-ceremony" in filled("status").err
    tokens = []
    for person in ("p-one", "p-two"):
        tokens.append(str(tmp_path / person))
        holder = ("--role", "operator", "--person", person, "--agency", "northshire-trust")
        made = filled("tokens", "new", *holder, "--for-restore", "--to", tokens[-1])
        assert made.status == 0
    officers = ("--first", tokens[0], "--second", tokens[1], "--yes")
    gone_on = filled("ledger", "restore-ceremony", *officers)
    assert (gone_on.status, "Older than the rest: keystore." in gone_on.err) == (0, True)
    assert "The ledger goes on as it was" in gone_on.out

    assert filled("check").status == 0
    assert Keystore.open(keystore).cases() == ()
    assert filled("ledger", "verify").status == 0
    refused = filled("ledger", "set-aside", *officers)
    assert (refused.status, "nothing to set aside" in refused.err) == (1, True)


def test_a_restored_home_is_told_who_runs_it_and_verifies(filled: Shell, tmp_path: Path) -> None:
    kept, other = tmp_path / "kept", Shell(home=tmp_path / "other")
    assert filled("backup", str(kept)).status == 0

    restored = other("restore", str(kept / "database"), str(kept / "keystore"))

    assert "broker init --run-by BODY" in " ".join(restored.out.split())
    assert other("check", "--json").json["run_by"] is None
    assert other("init", "--run-by", "northshire-trust").status == 0
    assert other("check", "--json").json["run_by"] == "northshire-trust"
    assert other("ledger", "verify").status == 0


def test_the_register_of_law_says_in_words_how_each_source_was_read(filled: Shell) -> None:
    told = " ".join(filled("law", "list").out.split())

    assert "Equality Act 2010 s149: nobody has read it yet law" in told
    assert "Terrorism Act 2000 s38B: read in the source; looked at by 2026-10-31" in told
    assert "secondary" not in told


def test_a_case_that_a_court_needs_is_held_and_let_go(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "3-refused.json"), "--json").json["reference"]
    admin = acting_as(filled, "operator", "p-admin")
    held = ("hold", "set", reference, "--owner", "p-lawyer")
    erasing = ("keys", "erase", reference, "--why", "order", "--yes")

    past = admin(*held, "--until", "2020-01-01", *WHY, typed=COURT)
    assert (past.status, "ends on a day to come" in past.err) == (1, True)
    kept = admin(*held, "--until", "2199-12-31", *WHY, typed=COURT)
    assert kept.out == "Nothing erases this case until 2199-12-31 is over.\n"
    assert f"{reference} for p-lawyer until 2199-12-31" in admin("hold", "list").out
    (listed,) = admin("hold", "list", "--json").json["holds"]
    assert (listed["owner"], listed["expired"]) == ("p-lawyer", False)
    refused = admin(*erasing)
    assert (refused.status, "Its owner is p-lawyer" in refused.err) == (1, True)
    assert admin("hold", "lift", reference, "--owner", "p-lawyer").status == 0
    assert admin("hold", "list").out == "No case is held.\n"
    assert admin(*erasing).status == 0


def test_what_is_kept_is_shown_before_it_goes(filled: Shell) -> None:
    told = filled("refer", str(EXAMPLES / "5-emergency.json"), "--json").json
    admin = acting_as(filled, "operator", "p-admin")
    reference = told["reference"]

    assert admin("retention", "list").out.startswith("Nothing is to be looked at")
    assert admin("retention", "run").out == "Nothing has been kept too long.\n"
    until = admin("retention", "keep", reference, "--json").json["until"]
    assert f"It is kept until {until}." in admin("retention", "keep", reference).out
    filled("dispatch")
    filled("handover", reference)
    filled("acknowledge", reference)
    owed = admin("retention", "list").out
    said = " ".join(owed.split())
    assert f"{reference} would go on " in said
    assert f"and stays: Nobody has said that {reference} is noted" in said
    assert "erased" not in said
    filled("done", reference, "update-the-record")
    listed = admin("retention", "list", "--json").json
    assert [one["references"] for one in listed["ending"]] == [[reference]]
    assert (
        f"{reference} goes on {listed['ending'][0]['erase_on']}" in admin("retention", "list").out
    )
    assert admin("retention", "run", "--dry-run", "--json").json == {"dry_run": True, "ended": []}


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        pytest.param(("nonsense",), 2, "No such command", id="unknown command"),
        pytest.param(("check",), 3, "Run: broker init", id="nothing there yet"),
        pytest.param(("decide",), 2, "Name a file of facts", id="nothing to decide"),
        pytest.param(("decide", "/nowhere"), 2, "cannot be read", id="no such file"),
        pytest.param(("ledger", "verify"), 3, "Run: broker init", id="no ledger"),
        pytest.param(("ledger", "verify", "/nowhere"), 2, "not a folder", id="no folder"),
        pytest.param(
            ("tokens", "new", "--role", "king", "--person", "p", "--agency", "a"),
            2,
            "'king' is not one of",
            id="no such role",
        ),
        pytest.param(
            ("tokens", "new", "--role", "police", "--person", "A Name", "--agency", "a"),
            2,
            "such as p-nurse-7",
            id="a name for an identifier",
        ),
    ],
)
def test_misuse_says_what_to_do(
    broker: Shell, arguments: tuple[str, ...], status: int, words: str
) -> None:
    answer = broker(*arguments)

    assert (answer.status, words in answer.err) == (status, True), answer
    assert "Traceback" not in answer.err


def test_all_faults_of_the_settings_are_told_together(broker: Shell) -> None:
    answer = broker("check", BROKER_PORT="0", BROKER_COLOUR="blue")

    assert answer.status == 2
    assert "BROKER_PORT must be a whole number" in answer.err
    assert "BROKER_COLOUR is not a setting" in answer.err


def test_an_address_that_looks_like_anothers_is_named_by_every_command_that_meets_it(
    filled: Shell, tmp_path: Path
) -> None:
    box = json.loads((EXAMPLES / "directory.json").read_bytes())["mailboxes"][0]
    address = box["address"].replace("example", "exarnple")
    fresh = {**box, "id": "their-front-desk", "agency": "example-school", "address": address}
    document, table = tmp_path / "alike.json", tmp_path / "contacts.csv"
    document.write_text(
        json.dumps({"directory": "directory/2", "agencies": [], "mailboxes": [fresh]}), "utf-8"
    )
    by, named = ("--by", "p-keeper"), {"their-front-desk": ["northshire-prevent"]}
    warned = "LOOK-ALIKE: the address of their-front-desk looks like that of northshire-prevent."

    added = filled("directory", "add", str(document), *by)
    changed = filled("directory", "change", str(document), *by, "--json")
    listed = filled("directory", "list", "--json").json["mailboxes"]
    filled("directory", "export", str(table))
    table.write_bytes(table.read_bytes().replace(b"01632 960 001", b"01632 960 009"))
    imported = filled("directory", "import", str(table), *by, "--json")

    assert warned in " ".join(added.out.split())
    assert changed.json["looks_like"] == named
    assert {one["id"]: one["looks_like"] for one in listed if one["looks_like"]} == {
        **named,
        "northshire-prevent": ["their-front-desk"],
    }
    for words in ("list",), ("find", address):
        assert warned in " ".join(filled("directory", *words).out.split()), words
    assert imported.json["looks_like"]["their-front-desk"] == ["northshire-prevent"]


def test_without_a_token_the_command_says_how_to_get_one(filled: Shell) -> None:
    filled.token = None

    answer = filled("refer", str(EXAMPLES / "1-permitted.json"))

    assert answer.status == 2
    assert "broker tokens new" in answer.err


def test_init_again_keeps_what_is_there(broker: Shell) -> None:
    first, second = broker("init", "--json").json, broker("init", "--json").json

    assert first == second


def test_init_says_whose_auditor_reads_all_and_check_says_when_nobody_does(
    broker: Shell,
) -> None:
    unsaid = broker("init")
    assert "broker init --run-by" in unsaid.err
    assert "broker init --run-by" in broker("check").out

    said = broker("init", "--run-by", "northshire-trust", "--json").json

    assert said["run_by"] == broker("init", "--json").json["run_by"] == "northshire-trust"
    assert broker("check", "--json").json["run_by"] == "northshire-trust"


def test_init_enters_two_administrators_once_and_shows_their_codes(
    broker: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "first.csv"
    lines = ("agency,name,contact,roles", *(f"a,{n} Sample,{n}@a.example,lead" for n in "xy"))
    file.write_text("\n".join(lines))

    first = broker("init", "--administrators", str(file), "--json").json["administrators"]
    again = broker("init", "--administrators", str(file))

    assert len({one["code"] for one in first}) == 2
    assert [one["name"] for one in first] == ["x Sample", "y Sample"]
    assert again.status == 1
    assert "entered already" in again.err


def test_init_says_for_whom_each_code_is(broker: Shell, tmp_path: Path) -> None:
    file = tmp_path / "first.csv"
    lines = ("agency,name,contact,roles", *(f"a,{n} Sample,{n}@a.example,lead" for n in "xy"))
    file.write_text("\n".join(lines))

    told = broker("init", "--administrators", str(file)).err

    assert told.index("For x Sample (p-") < told.index("For y Sample (p-")


def test_one_administrator_is_not_enough(broker: Shell, tmp_path: Path) -> None:
    file = tmp_path / "first.csv"
    file.write_text("agency,name,contact,roles\na,x Sample,x@a.example,lead")

    refused = broker("init", "--administrators", str(file))

    assert refused.status == 1
    assert "two people" in refused.err


def test_an_administrator_enters_people_and_their_names_come_from_files(
    filled: Shell, tmp_path: Path
) -> None:
    keeper = acting_as(filled, "administrator", "p-keeper")
    for name, text in (("name", "Mira Specimen"), ("contact", "mira@northshire.example")):
        (tmp_path / name).write_text(text)
    who = ("--name-file", str(tmp_path / "name"), "--contact-file", str(tmp_path / "contact"))

    (person,) = keeper("people", "add", "--role", "guardian", *who, "--json").json["people"]
    code = keeper("people", "invite", person, "--json").json["code"]
    keeper("people", "disable", person)
    (listed,) = keeper("people", "list", "--json").json["people"]

    assert code
    assert (listed["name"], listed["roles"][0]["waits"]) == ("Mira Specimen", True)
    assert listed["disabled_on"] is not None
    assert filled("people", "list").status == 1


def test_what_init_prints_is_a_trust_policy_that_the_verifier_takes(
    broker: Shell, tmp_path: Path
) -> None:
    policy = tmp_path / "policy"
    policy.write_text(broker("init", "--run-by", "northshire-trust").out)
    auditor = acting_as(broker, "auditor", "p-auditor")
    assert auditor("ledger", "export", str(tmp_path / "export")).status == 0

    status, out, _ = run_verifier("verify", tmp_path / "export", "--policy", policy)

    assert (status, out.partition(".")[0]) == (0, "VERIFIED")
    assert TrustPolicy.parse(broker("init", "--json").json["ledger_policy"].encode()).logs


def test_a_commitment_is_opened_and_checked_against_the_export(
    filled: Shell, tmp_path: Path
) -> None:
    reference = filled("refer", str(EXAMPLES / "4-referred.json"), "--json").json["reference"]
    export, opening = tmp_path / "export", tmp_path / "opening.json"

    printed = filled("ledger", "open", reference, "facts/1").out
    assert filled("ledger", "open", reference, "facts/1", "--to", str(opening)).status == 0
    auditor = acting_as(filled, "auditor", "p-auditor")
    assert auditor("ledger", "export", str(export)).status == 0

    assert opening.read_text() == printed
    checked = filled("ledger", "verify", str(export), "--opening", str(opening), "--json")
    assert (checked.status, checked.json["opened"][0]["field"]) == (0, "facts/1")
    assert filled("ledger", "verify", "--opening", str(opening)).status == 2
    assert "There is: " in filled("ledger", "open", reference, "nothing").err


def test_the_worked_cases_are_decided(broker: Shell) -> None:
    cases = json.loads((CASES / "decisions.json").read_bytes())

    judged = broker("decide", "--cases", str(CASES / "decisions.json"), "--json").json

    outcomes = {one["id"]: one["decision"]["outcome"] for one in judged}
    assert [
        case["id"] for case in cases if outcomes[case["id"]] not in case["expect"]["outcome"]
    ] == []


def test_the_addresses_have_their_verdicts(broker: Shell) -> None:
    for case in json.loads((CASES / "addresses.json").read_bytes())[:4]:
        assert broker("address", case["address"], "--json").json["verdict"] == case["verdict"]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(
            "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), 'a', 'b') AS BLOB)"
            " WHERE seq = 1",
            id="entry",
        ),
        pytest.param(
            "UPDATE ledger_entry SET leaf = zeroblob(32) WHERE seq = 1",
            id="leaf",
        ),
        pytest.param("UPDATE ledger_entry SET reference = 'PRV-0000-0000'", id="column"),
        pytest.param("UPDATE ledger_head SET size = size + 1", id="head"),
        pytest.param("UPDATE ledger_head SET frontier = zeroblob(32)", id="frontier"),
        pytest.param(
            "UPDATE ledger_checkpoint SET note = CAST(replace(CAST(note AS TEXT), 'a', 'b')"
            " AS BLOB)",
            id="checkpoint",
        ),
        pytest.param("DELETE FROM ledger_entry WHERE seq = 1", id="removed"),
        pytest.param(
            "DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) FROM ledger_entry)",
            id="cut tail",
        ),
    ],
)
def test_a_hand_in_the_ledger_is_found(broker: Shell, edit: str) -> None:
    broker("init")
    broker("check")
    with sqlite3.connect(broker.home / "broker.db") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(edit)
    database.close()

    answer = broker("ledger", "verify", "--json")

    assert (answer.status, answer.json["verdict"]) == (1, "fault"), answer


def test_a_receipt_for_one_entry_verifies_offline(filled: Shell, tmp_path: Path) -> None:
    folder, receipt = tmp_path / "exported", tmp_path / "entry.tlog-proof"
    auditor = acting_as(filled, "auditor", "p-auditor")
    assert auditor("ledger", "export", str(folder)).status == 0
    assert auditor("ledger", "prove", "1", "--to", str(receipt)).status == 0
    trust = ("--policy", str(folder / "policy"))

    assert filled("ledger", "verify-receipt", str(receipt), *trust).status == 0
    receipt.write_bytes(receipt.read_bytes().replace(b"index 1", b"index 2"))
    assert filled("ledger", "verify-receipt", str(receipt), *trust).status == 1
    assert auditor("ledger", "prove", "9999").status == 1
    assert filled("ledger", "prove", "1").status == 1


def test_yesterdays_database_stops_every_command_before_it_appends(
    filled: Shell, tmp_path: Path
) -> None:
    copy = tmp_path / "yesterday.db"
    with sqlite3.connect(filled.home / "broker.db") as now, sqlite3.connect(copy) as old:
        now.backup(old)
    now.close()
    old.close()
    filled("refer", str(EXAMPLES / "3-refused.json"))
    for path in filled.home.glob("broker.db-*"):
        path.unlink()
    (filled.home / "broker.db").write_bytes(copy.read_bytes())

    answer = filled("refer", str(EXAMPLES / "3-refused.json"))

    assert answer.status == 1
    assert "Evidence: " in answer.err
    assert (filled.home / "broker.db").read_bytes() == copy.read_bytes()


def test_an_exported_ledger_verifies_without_the_broker(filled: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    filled("refer", str(EXAMPLES / "3-refused.json"))

    auditor = acting_as(filled, "auditor", "p-auditor")
    assert auditor("ledger", "export", str(folder)).status == 0
    finished = subprocess.run(
        [sys.executable, "-m", "audit", "verify", str(folder), "--json"],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )

    assert json.loads(finished.stdout)["verdict"] == "verified"


def test_what_is_yours_is_exported_by_the_command(filled: Shell, tmp_path: Path) -> None:
    reference = filled("refer", str(EXAMPLES / "3-refused.json"), "--json").json["reference"]
    folder = tmp_path / "mine"

    told = filled("ledger", "export", "--mine", str(folder))
    status, out, _ = run_verifier("verify", folder)

    assert (told.status, status) == (0, 0)
    assert "python -m audit verify" in told.out
    assert out.startswith("PARTIAL: YOURS.")
    assert reference in out
    assert filled("ledger", "export", str(tmp_path / "all")).status == 1
    number = filled("status", reference, "--json").json["ledger_entries"][0]
    assert filled("ledger", "show", str(number), "--json").json["event"]["ref"] == reference
    assert filled("ledger", "show", "0").status == 1


def test_a_guardian_sees_who_looked_and_the_sender_reads_the_question(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "4-referred.json"), "--json").json["reference"]
    guardian = as_a_guardian(filled)
    asked = ("--relation", "independent", "--principle", "2", "--question-file", "-")
    assert "Nobody has looked at it." in guardian("review", "readers", reference).out
    assert "Nothing was asked" in filled("questions", reference).out

    guardian("review", "show", reference)
    guardian("review", "ask", reference, *asked, typed="Who else was there?")
    status, words = filled("status", reference).out, filled("questions", reference).out
    readers = guardian("review", "readers", reference)

    assert f"broker questions {reference}" in status
    assert "Who else was there?" not in status
    assert "Who else was there?" in words
    assert "pack, cli" in readers.out


def test_a_rehearsal_says_that_only_the_wording_changes(broker: Shell, tmp_path: Path) -> None:
    broker("init")
    shutil.copytree(ROOT / "policies" / "rulebook", tmp_path / "rules")
    card = tmp_path / "rules" / "rules" / "R31-free-text.toml"
    words = card.read_text(encoding="utf-8")
    card.write_text(words.replace("Nobody has read", "No one has read"), encoding="utf-8")
    reworded = broker("policy", "impact", "--to", str(tmp_path / "rules"), "--json").json
    card.write_text(words.replace("screened is no", "screened is yes"), encoding="utf-8")
    changed = broker("policy", "impact", "--to", str(tmp_path / "rules"))

    assert reworded["wording_alone"]
    assert changed.status == 0
    assert "wording alone" not in changed.out


def test_every_key_is_wrapped_anew_from_the_command_line(filled: Shell) -> None:
    root = filled.home / "keystore" / "keystore.kek"
    before = root.read_bytes()
    assert filled("keys", "rewrap").status == 1
    assert root.read_bytes() == before
    keeper = as_an_operator(filled)

    answer = keeper("keys", "rewrap", "--json")

    assert (answer.status, answer.json) == (0, {"rewrapped": True}), answer
    assert root.read_bytes() != before
    assert keeper("check").status == 0


def test_keys_are_rotated_and_retired_from_the_command_line(filled: Shell) -> None:
    assert filled("keys", "rotate", "--purpose", "ledger").status == 1
    keeper = as_an_operator(filled)
    before = {key["purpose"]: key["kid"] for key in keeper("keys", "list", "--json").json["keys"]}

    rotated = keeper("keys", "rotate", "--purpose", "ledger")
    assert "Give the new ledger key to everyone" in rotated.out
    token = keeper("keys", "rotate", "--purpose", "token", "--json").json
    assert (token["purpose"], token["ledger_key"]) == ("token", None)
    assert "This key still signs" in keeper("keys", "retire", token["kid"]).err
    for unknown in ("-A-name", "-h", "--h", "-nothing-of-the-house"):
        assert "no signing key of this name" in keeper("keys", "retire", unknown).err
    stolen = keeper("keys", "retire", before["ledger"], "--compromised")
    assert "strike the old key out" in stolen.out
    ended = keeper("keys", "retire", before["token"], "--json").json
    assert (ended["kid"], ended["state"]) == (before["token"], "retired")
    assert "token is not valid" in keeper("keys", "rotate", "--purpose", "policy").err

    assert "compromised" in filled("keys", "list").out
    assert filled("ledger", "verify", "--json").json["verdict"] == "verified"


def as_an_operator(broker: Shell, person: str = "p-keys") -> Shell:
    """Return the same broker with an operator's token."""
    token = broker.home / f"token-of-{person}"
    who = ("--role", "operator", "--person", person, "--agency", "northshire-trust")
    assert broker("tokens", "new", *who, "--to", str(token)).status == 0
    return Shell(home=broker.home, token=token)


def test_a_ledger_that_lost_entries_goes_on_after_a_ceremony(filled: Shell) -> None:
    shutil.copy(filled.home / "broker.db", filled.home / "yesterday")
    for _ in range(2):
        assert as_an_operator(filled).token
    for path in filled.home.glob("broker.db*"):
        path.unlink()
    (filled.home / "yesterday").rename(filled.home / "broker.db")

    assert filled("check").status == 1
    first, second = (for_restore(filled, person) for person in ("p-one", "p-two"))
    hold = ("ledger", "restore-ceremony", "--first", str(first), "--second")
    assert filled("ledger", "restore-ceremony").status == 2
    assert filled(*hold, str(first), "--yes").status == 1
    assert filled(*hold, str(filled.home / "none"), "--yes").status == 1
    held = filled(*hold, str(second), "--yes")
    assert (held.status, "are missing" in held.err) == (0, True)
    assert "goes on under this new name" in held.out

    assert filled("check").status == 0
    (restored,) = filled("ledger", "verify", "--json").json["restored"]
    assert restored["origin"].endswith("/2")
    assert filled(*hold, str(second), "--yes").status == 1


def for_restore(broker: Shell, person: str) -> Path:
    """Return the file of a token for the ceremony."""
    who = ("--role", "operator", "--person", person, "--agency", "northshire-trust")
    token = broker.home / f"token-of-{person}"
    assert broker("tokens", "new", *who, "--for-restore", "--to", str(token)).status == 0
    return token


def test_the_same_file_twice_is_one_disclosure_until_it_is_sent_again(filled: Shell) -> None:
    pack = str(EXAMPLES / "5-emergency.json")

    first = filled("refer", pack)
    second = filled("refer", pack)
    unasked = filled("refer", pack, "--again")
    third = filled("refer", pack, "--again", *REASON, "--json", typed="The first mail was lost.")

    reference = first.out.splitlines()[0].removeprefix("Document ")
    assert second.out.splitlines()[0] == f"Document {reference}"
    assert "submitted before and is not sent twice" in " ".join(second.out.split())
    assert (unasked.status, "--reason-file FILE" in unasked.err) == (2, True)
    assert third.json["reference"] != reference
    filled("dispatch")
    assert len(list((filled.home / "pickup").glob("*.eml"))) == 2
    listed = filled("status", "--json").json["disclosures"]
    assert {one["reference"] for one in listed} == {reference, third.json["reference"]}
    assert "It was sent" in filled("status", reference).out


def test_a_guardian_sees_what_goes_before_anything_is_decided(filled: Shell) -> None:
    reference = filled("refer", str(EXAMPLES / "4-referred.json"), "--json").json["reference"]
    guardian = as_a_guardian(filled)
    verdict = ("--verdict", "approve-reduced", *REASON, *weighed(guardian))
    reduced = ("review", "decide", reference, *verdict)
    grounds = ("--relation", "independent", "--principle", "3")

    page = " ".join(guardian("review", "show", reference).out.split())
    unasked = guardian(*reduced, *grounds, "--leave-out", "individual.address", typed="Not yet.")
    misspelt = guardian(
        *(*reduced, *grounds, "--leave-out", "individual.adress", "--yes"),
        typed="The address is not needed yet.",
    )

    assert "at northshire-prevent@" in page or "telephone 01632 960 001" in page
    assert "verified by p-second on" in page
    assert "What would go, if you approve:" in page
    assert "your word No agreement of the person holds." in page
    assert "relative you are related to, or close to, somebody in it" in page
    assert "An adult said no." in page
    assert "(--public-interest-file): harm-to-the-person" in page
    assert page.count("Not read.") == 0
    assert (unasked.status, "nobody to ask" in unasked.err) == (2, True)
    assert (misspelt.status, "the nearest is individual.address" in misspelt.err) == (1, True)
    decided = guardian(
        *(*reduced, *grounds, "--leave-out", "individual.address", "--yes"),
        typed="The address is not needed yet.",
    )
    told = " ".join(decided.out.split())
    assert "stays Address (individual.address): The Guardian left it out." in told
    afterwards = " ".join(guardian("review", "show", reference).out.split())
    assert "decided it may go without some of it (by p-guardian on" in afterwards
    assert "reason The address is not needed yet." in afterwards
    words = filled("questions", reference)
    seen = " ".join(words.out.split())
    assert words.status == 0, words
    assert "reason The address is not needed yet." in seen


def test_a_file_without_end_and_a_text_too_long_are_misuse(filled: Shell) -> None:
    endless = filled("refer", "/dev/zero")
    wordy = filled("reply", "PRV-0000-0000", "--text-file", "-", typed="word " * 4_000)

    assert (endless.status, "longer than 1,000,000 bytes" in endless.err) == (2, True)
    assert (wordy.status, "longer than 4,000 characters" in wordy.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("reply", "PRV-0000-0000", "--text", "Words."),
        ("handover", "PRV-0000-0000", "--reason", "Words."),
        ("review", "ask", "PRV-0000-0000", "--question", "Words."),
        ("review", "decide", "PRV-0000-0000", "--reason", "Words."),
        ("hold", "set", "PRV-0000-0000", "--why", "Words."),
    ],
)
def test_no_words_of_a_person_stand_in_the_arguments(
    broker: Shell, arguments: tuple[str, ...]
) -> None:
    refused = broker(*arguments)

    assert (refused.status, "No such option" in refused.err) == (2, True), refused
