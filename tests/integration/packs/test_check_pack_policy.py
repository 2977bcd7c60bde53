"""`broker check-pack --policy`: who trusts a ledger's key learns which entry let a document go.

Without an installation and without a network: it is for whoever holds the file, the words and the
public part of a key.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_submission
from forks import Call, called
from homes import Prepared
from offline import offline

from audit.format.notes.trust_policy import policy_of
from broker.domain.references import Reference


@dataclass(frozen=True)
class Held:
    """What a recipient holds: the file, its words; and the policy of whoever sent it."""

    folder: Path
    file: Path
    words: str
    policy: Path
    reference: Reference
    decided: int

    def check(self, *arguments: str | Path, words: str | None = None) -> tuple[int, str, str]:
        """Check a document from a folder that holds no broker."""
        said = ("check-pack", *map(str, arguments))
        environment = {
            **{name: value for name, value in os.environ.items() if "BROKER" not in name},
            "HOME": str(self.folder),
        }
        typed = f"{words or self.words}\n"
        call = Call(arguments=said, typed=typed, folder=self.folder, environment=environment)
        return called(offline, call)


@pytest.fixture(name="held", scope="module")
def _held(prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = tmp_path_factory.mktemp("held")
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("sent") / "home", Clock())
    reference = services.disclosures.submit(a_submission(services), NURSE)
    services.dispatcher.dispatch()
    words = services.disclosures.hand_over(reference, NURSE, None).passphrase
    with services.transaction() as tx:
        sealed = tx.case_file(tx.disclosure(reference)).sealed()
        decided = next(one.seq for one in tx.about(reference) if one.type == "decided")
    file, policy = folder / "document.pdf", folder / "policy"
    file.write_bytes(sealed or b"")
    policy.write_text(policy_of([services.checkpoints.store.key]))
    services.close()
    return Held(folder, file, words, policy, reference, decided)


def test_a_whole_document_names_the_entry_that_let_it_go(held: Held) -> None:
    status, said, wrong = held.check(held.file, "--policy", held.policy, "--json")

    told = json.loads(said)
    assert (status, wrong) == (0, "")
    assert (told["whole"], told["reference"]) == (True, str(held.reference))
    assert told["decided_by_entry"] == held.decided
    status, said, _ = held.check(held.file, "--policy", held.policy)
    assert (status, f"by entry {held.decided} of the ledger" in said) == (0, True)


def test_a_changed_document_is_none_of_ours_whatever_is_trusted(held: Held) -> None:
    content = bytearray(held.file.read_bytes())
    content[len(content) // 2] ^= 1
    changed = held.folder / "changed.pdf"
    changed.write_bytes(content)

    status, said, _ = held.check(changed, "--policy", held.policy, "--json")

    told = json.loads(said)
    assert (status, told["whole"], told["decided_by_entry"]) == (1, False, None)


def test_words_that_do_not_open_it_prove_nothing(held: Held) -> None:
    words = "thump-chill-zen-rally-aroma-bust"

    status, said, wrong = held.check(held.file, "--policy", held.policy, "--json", words=words)

    assert (status, json.loads(said)["decided_by_entry"]) == (1, None)
    assert words not in said + wrong


def test_a_document_that_another_ledger_let_go_is_named_as_that(
    held: Held, tmp_path: Path
) -> None:
    """Whole it is, but nobody whom its reader trusts vouches for it."""
    other = tmp_path / "policy"
    other.write_text(
        "log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n"
    )

    for arguments in ((), ("--json",)):
        status, said, wrong = held.check(held.file, "--policy", other, *arguments)
        assert status == 1
        assert "It is whole" in said or json.loads(said)["whole"] is True
        assert "not" in wrong


@pytest.mark.parametrize("text", ["", "nonsense\n", "log x+00000000+AAAA\n", "\x00"])
def test_what_is_no_policy_is_misuse_named_in_words(held: Held, tmp_path: Path, text: str) -> None:
    policy = tmp_path / "policy"
    policy.write_text(text)

    status, said, wrong = held.check(held.file, "--policy", policy)

    assert (status, said) == (2, "")
    assert "policy" in wrong
    assert "Traceback" not in wrong


def test_a_policy_that_is_not_there_is_misuse(held: Held, tmp_path: Path) -> None:
    assert held.check(held.file, "--policy", tmp_path / "nobody")[0] == 2
