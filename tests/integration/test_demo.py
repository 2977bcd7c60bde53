"""The demonstration, as a newcomer runs it; and what it sealed, in other readers."""

import email
import email.policy
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from contract_codes import codes_of_the_contract
from forks import Call, called
from packs import EXAMPLES
from PIL import Image

from broker.cli import main
from broker.cli.in_words import WAYS
from broker.delivery.ways_out import Way
from broker.domain.states import State
from broker.operations.demo_people import PASSWORD
from broker.web.titles import STANDS

ROOT = EXAMPLES.parent
READERS: dict[str, Callable[[Path, str], list[str]]] = {
    "qpdf": lambda pdf, word: ["qpdf", f"--password={word}", "--check", str(pdf)],
    "pdftotext": lambda pdf, word: ["pdftotext", "-upw", word, str(pdf), "-"],
    "mutool": lambda pdf, word: ["mutool", "draw", "-p", word, "-F", "txt", str(pdf), "1"],
}

PORT = 8399 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
"""Two workers may each set a demonstration up at the same time, with a portal of its own."""


def environment(home: Path, token: str = "") -> dict[str, str]:
    own = {
        "BROKER_HOME": str(home),
        "BROKER_PORT": str(PORT),
        "BROKER_PORTAL_PORT": str(PORT + 20),
    }
    if token:
        own["BROKER_TOKEN_FILE"] = str(home / token)
    return {**os.environ, **own}


def broker(home: Path, *arguments: str, token: str = "", typed: str = "") -> str:
    """Call a command, and return what it printed; raises `CalledProcessError`."""
    call = Call(
        arguments=arguments, typed=typed, folder=ROOT, environment=environment(home, token)
    )
    status, out, err = called(main, call)
    finished = subprocess.CompletedProcess(arguments, status, out, err)
    finished.check_returncode()
    return out


def demonstrated(home: Path) -> str:
    """Run the demonstration as a newcomer does, in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "broker", "demo", "--once", "--examples", str(EXAMPLES)],
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
        cwd=ROOT,
        env=environment(home),
    )
    if finished.returncode:
        sys.stderr.write(finished.stderr)
    finished.check_returncode()
    return finished.stdout


@pytest.fixture(scope="module", name="home")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module", name="told")
def _view_of(home: Path) -> str:
    return demonstrated(home)


def test_an_invented_person_signs_in_with_what_the_demonstration_prints(
    told: str, home: Path
) -> None:
    assert "nia@northshire-trust.example" in told
    code = broker(home, "demo", "code", "nia").strip()
    typed = f"nia@northshire-trust.example\n{PASSWORD}\n{code}\n"

    signed_in = broker(home, "sign-in", "--to", str(home / "nia"), "--json", typed=typed)

    assert json.loads(signed_in)["role"] == "practitioner"
    assert broker(home, "status", "--json", token="nia")


def test_nothing_is_wrong_with_what_the_demonstration_sets_up(told: str, home: Path) -> None:
    assert told
    assert json.loads(broker(home, "check", "--json"))["faults"] == []


def test_the_five_packs_have_their_five_outcomes(told: str) -> None:
    outcomes = [
        line.removeprefix("  outcome").strip()
        for line in told.splitlines()
        if line.startswith("  outcome")
    ]

    assert outcomes == [
        "This may go, with duties.",
        "This may go, with duties.",
        "This may not go.",
        "This waits: a person must answer what is named below.",
        "Emergency. Ring 999 now. The emergency pack may go at once.",
    ]


def test_no_code_of_the_contract_is_printed_where_a_person_reads(told: str) -> None:
    printed = re.sub(r"(?m)^.*\bbroker .*$|--\S+ \S+|\S*/\S*", "", told)
    words = set(re.findall(r"(?<![\w.-])[a-z]+(?:-[a-z0-9]+)+(?![\w.-])", printed))

    assert words & codes_of_the_contract() == set()


def test_the_demonstration_tells_what_was_withheld_and_verifies_the_ledger(told: str) -> None:
    assert "Ethnicity: This is not shared for this purpose." in told
    assert "individual." not in told
    assert "ring 999 now" in told
    assert "VERIFIED." in told


def test_a_document_is_fetched_from_the_portal_with_the_code_that_was_told_and_answered(
    told: str,
) -> None:
    fetched = told.partition("== A document is fetched from a page")[2].partition("\n== ")[0]

    assert "no file, and nothing about the person" in " ".join(fetched.split())
    assert re.search(r"the call +01632 960 001, code [0-9A-Z-]+: for the duty officer", fetched)
    assert "fetched       a PDF of " in fetched
    assert "Duty officer: We have it, and work on it today. Thank you." in fetched


def test_the_demonstration_calls_one_back_and_closes_its_breach_record(told: str) -> None:
    after = told.partition("== One goes to the wrong place")[2].partition("VERIFIED.")[0]

    assert "they deleted it, and every copy" in after
    assert re.search(r"recorded +BRE-[0-9A-Z]{4}-[0-9A-Z]{4}: Breach", after)
    assert "closed        by p-guardian" in after
    assert "as-guardian breach show BRE-" in after


def test_one_that_is_lost_is_noticed_and_carried_and_where_each_is_stands_there(told: str) -> None:
    after = told.partition("== One is lost, is noticed")[2].partition("VERIFIED.")[0]

    assert re.search(r"noticed +PRV-[0-9A-Z]{4}-[0-9A-Z]{4}: an alarm", after)
    assert "carried       by egress, receipt EGR-2026-004711" in after
    assert "noticed       0 undelivered now" in after
    where = " ".join(after.partition("== Where each of them is")[2].split())
    for way in ("verified-mail", "sealed-mail", "portal", "by-hand"):
        assert f"{WAYS[Way(way)]}." in where
    for state in (State.SENT, State.RECALLED, State.ACKNOWLEDGED, State.REFUSED):
        assert STANDS[state] in where


def test_the_demonstration_shows_what_the_guardian_has_before_them(told: str) -> None:
    after = told.partition("== Before a Caldicott Guardian of Northshire Example NHS Trust")[2]
    queue = after.partition("VERIFIED.")[0]

    assert "To decide:" in queue
    assert "; emergency; Emergency disclosure to" in " ".join(queue.split())
    assert "as-guardian review show PRV-" in queue


def test_a_question_that_nobody_answered_has_climbed_to_people(told: str) -> None:
    late = told.partition("== A question that nobody answered")[2].partition("\n== ")[0]

    words = " ".join(late.split())
    heard = re.findall(
        r"(Due soon|Late|Late for days); hears by mail: ([^\s,]+(?:, [^\s,]+)*)", words
    )
    assert heard == [
        ("Due soon", "dot@example-school.example"),
        ("Late", "dot@example-school.example"),
        (
            "Late for days",
            "cora@northshire-council.example, isla@northshire-icb.example",
        ),
    ]
    assert "no clock answers for anybody, sends, or closes" in words


def test_a_partners_guardian_keeps_a_field_back_with_a_reason(told: str) -> None:
    kept = " ".join(told.partition("== A partner's Guardian keeps")[2].partition("== ")[0].split())

    assert "waits for the Guardian" in kept
    assert "lets one go and keeps one: What the clinic knows of his health" in kept
    assert re.search(r"it is now (It may go, and is on its way|On its way|It was sent)", kept)


def test_a_change_is_told_anew_and_the_region_hears_without_a_name(told: str) -> None:
    after = told.partition("== Something has changed")[2].partition("\n== ")[0]

    assert re.search(r"told anew +PRV-\S+ adds to PRV-", after)
    assert re.search(r"a notice +A referral to a local panel, of PRV-", after)
    assert "Specimen" not in after


def test_a_second_concern_about_one_person_is_recognised_shown_and_recorded(told: str) -> None:
    second = told.partition("== A second concern")[2].partition("VERIFIED.")[0]

    assert "(the same number)" in second.partition("shown")[0]
    assert "to the Guardian alone" in second
    assert "as-guardian earlier list PRV-" in second


def test_the_opened_document_lies_there_as_a_pdf_and_as_pictures(home: Path, told: str) -> None:
    documents = sorted((home / "opened").glob("*.pdf"))
    pictures = sorted((home / "opened").glob("*.png"))

    assert len(documents) == 3
    assert len(pictures) >= 3
    for path in (*documents, *pictures):
        assert str(path) in told
    assert all(path.read_bytes().startswith(b"%PDF-") for path in documents)
    assert all(min(Image.open(io.BytesIO(path.read_bytes())).size) > 500 for path in pictures)


@pytest.mark.parametrize("what", ["an installation", "another file"])
def test_the_demonstration_touches_nothing_that_it_did_not_make(tmp_path: Path, what: str) -> None:
    real = tmp_path / "home"
    if what == "an installation":
        broker(real, "init")
    else:
        real.mkdir()
        (real / "letter.txt").write_text("Kept.")
    before = {path: path.read_bytes() for path in real.rglob("*") if path.is_file()}

    with pytest.raises(subprocess.CalledProcessError) as refused:
        broker(real, "demo", "--once", "--examples", str(EXAMPLES))
    assert "no demonstration made" in refused.value.stderr
    assert {path: path.read_bytes() for path in real.rglob("*") if path.is_file()} == before


@pytest.fixture(scope="module", name="sealed")
def _sealed(home: Path, told: str) -> list[tuple[str, bytes, str]]:
    """Return of the mail of each sample pack its reference, its PDF, and the passphrase."""
    packs = [line.split()[1] for line in told.splitlines() if line.startswith("Document PRV-")]
    messages = [home / "received" / f"{one}.eml" for one in packs]
    messages = [one for one in messages if one.exists()]
    return [(one.stem, attached(one), passphrase_of(home, one.stem)) for one in messages]


@pytest.mark.parametrize("reader", READERS)
def test_sealed_packs_open_with_their_passphrase_and_nothing_else(
    sealed: list[tuple[str, bytes, str]], reader: str, tmp_path: Path
) -> None:
    if shutil.which(reader) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reader} is missing")
        pytest.skip(f"{reader} IS MISSING, SO THIS WAS NOT TESTED")
    assert len(sealed) == 3
    for reference, content, passphrase in sealed:
        pdf = tmp_path / f"{reference}.pdf"
        pdf.write_bytes(content)
        assert opens(reader, pdf, passphrase)
        assert not opens(reader, pdf, "")
        assert not opens(reader, pdf, passphrase[:-1])


def attached(message: Path) -> bytes:
    parsed = email.message_from_bytes(message.read_bytes(), policy=email.policy.default)
    (attachment,) = parsed.iter_attachments()
    content = attachment.get_content()
    assert isinstance(content, bytes)
    return content


def passphrase_of(home: Path, reference: str) -> str:
    for token in ("p-teacher.token", "p-nurse.token"):
        try:
            given = json.loads(
                broker(
                    home,
                    *("handover", reference, "--reason-file", "-", "--json"),
                    token=token,
                    typed="For a test of it.",
                )
            )
        except subprocess.CalledProcessError:
            continue
        return str(given["passphrase"])
    raise AssertionError(reference)


def opens(reader: str, pdf: Path, passphrase: str) -> bool:
    finished = subprocess.run(
        READERS[reader](pdf, passphrase), capture_output=True, check=False, timeout=60
    )
    return finished.returncode == 0 and (reader == "qpdf" or b"PRV" in finished.stdout)


def test_each_command_that_is_printed_is_one_line_and_runs_as_it_stands(
    home: Path, told: str
) -> None:
    # Last in this file: among them is the receipt, after which the words are destroyed.
    beginning = f"{home}/as-"
    commands = [line[line.index(beginning) :] for line in told.splitlines() if beginning in line]

    assert len(commands) == 7
    for line in commands:
        finished = subprocess.run(  # noqa: S602  # as a person would paste it
            line, shell=True, capture_output=True, text=True, check=False, timeout=120, cwd="/"
        )
        assert finished.returncode == 0, finished.stderr


def test_a_second_demonstration_in_one_home_goes_on_where_the_first_ended(
    home: Path, told: str
) -> None:
    again = demonstrated(home)

    standing = "== Where each of them is"
    assert "nothing is sent a second time" in again
    assert all(part in again for part in (standing, "VERIFIED", PASSWORD))
    sent = {line.split()[0] for line in told.partition(standing)[2].splitlines() if "PRV-" in line}
    assert sent
    assert all(reference in again for reference in sent)


def test_a_demonstration_that_was_stopped_in_the_middle_says_how_to_begin_again(
    tmp_path: Path, home: Path, told: str
) -> None:
    assert told
    halfway = tmp_path / "halfway"
    shutil.copytree(home, halfway)
    (halfway / "played").unlink()

    with pytest.raises(subprocess.CalledProcessError) as refused:
        broker(halfway, "demo", "--once", "--examples", str(EXAMPLES))

    assert "stopped in the middle" in (refused.value.stderr or "")
    assert "remove it, and run the demonstration again" in (refused.value.stderr or "")


def test_a_tampering_is_named_by_its_entry_and_stops_what_follows(home: Path, told: str) -> None:
    assert told
    spoiled = home.parent / "spoiled"
    shutil.copytree(home, spoiled)
    found = broker(spoiled, "demo", "tamper")

    number = found.partition("in entry ")[2].partition(" ")[0]
    assert f"First bad entry: {number}." in found
    with pytest.raises(subprocess.CalledProcessError) as refused:
        broker(spoiled, "dispatch")
    # Whoever reads on from what they knew meets it at the link of the entry after it.
    named = {f"entry {one} does not lead" for one in (int(number), int(number) + 1)}
    assert any(one in (refused.value.stderr or "") for one in named)
    with pytest.raises(subprocess.CalledProcessError) as other:
        broker(home.parent, "demo", "tamper")
    assert "broker init" in (other.value.stderr or "")


def gateways_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in children if b"serve" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_gateway_ends_with_the_demonstration(tmp_path: Path, number: signal.Signals) -> None:
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-m", "broker", "demo", "--examples", str(EXAMPLES)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={
            **os.environ,
            "BROKER_HOME": str(home),
            "BROKER_PORT": "8397",
            "BROKER_PORTAL_PORT": "8417",
        },
    ) as demonstration:
        gateways: list[int] = []
        until = time.monotonic() + 120
        while not gateways and time.monotonic() < until:
            time.sleep(0.2)
            gateways = gateways_of(demonstration.pid)

        demonstration.send_signal(number)

        assert demonstration.wait(timeout=120) == 128 + number
    assert gateways
    assert not any(Path(f"/proc/{one}").exists() for one in gateways)


def test_a_case_system_asks_before_anything_is_sent_and_is_told_what_the_rules_say(
    told: str,
) -> None:
    asked = told.partition("== A case system asks")[2].partition("\n== ")[0]

    assert "c-trust-notes" in asked
    assert "May 3-refused.json go?" in asked
    assert "told          This may not go." in asked


def test_a_panel_member_opens_their_copy_and_another_who_is_not_asked_cannot(told: str) -> None:
    panel = told.partition("== A panel reads")[2].partition("VERIFIED.")[0]

    assert "for May Specimen of Northshire Example Council alone" in panel
    assert "[Seen by the form tutor, 9 March 2026]" in " ".join(panel.split())
    assert "p-max: There is no meeting of yours" in panel


def test_two_bodies_are_asked_one_answers_in_part_one_holds_nothing_and_a_list_is_refused(
    told: str,
) -> None:
    asked = told.partition("== Partners are asked")[2].partition("VERIFIED.")[0]

    assert "Answered: part of it is shared" in asked
    assert "Answered: they hold nothing" in asked
    assert "the trust's case system saw 1 waiting, and answered it" in " ".join(asked.split())
    assert "It is about his sister." in asked
    assert "This cannot be asked as it stands" in asked
