"""The keystore against a model of it: whatever is done in whatever order, nothing is lost."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from rounds import rounds

from keys import (
    CaseId,
    CaseKey,
    KeyErasedError,
    KeyState,
    Keystore,
    Purpose,
    SigningKey,
    UnknownKeyError,
    verify,
)

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


class KeystoreMachine(RuleBasedStateMachine):
    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.keystore = Keystore.create(self.home / "keystore", None, now=NOON)
        self.living: dict[CaseId, CaseKey] = {}
        self.erased: dict[CaseId, CaseKey] = {}
        self.signed: list[tuple[SigningKey, bytes]] = []
        self.backups = 0

    @rule(target=cases, number=st.integers(0, 9))
    def make_case(self, number: int) -> CaseId:
        case = CaseId(f"case-{number}")
        if case not in self.living and case not in self.erased:
            self.living[case] = self.keystore.new_case_key(case, NOON)
        return case

    @rule(case=cases)
    def erase(self, case: CaseId) -> None:
        self.keystore.erase_case(case, NOON)
        if case in self.living:
            self.erased[case] = self.living.pop(case)

    @rule(purpose=st.sampled_from(Purpose))
    def sign_and_rotate(self, purpose: Purpose) -> None:
        key = self.keystore.signing_key(purpose)
        self.signed.append((key, key.sign(b"made up")))
        self.keystore.activate(self.keystore.prepare(purpose, NOON).kid)

    @rule()
    def wrap_anew(self) -> None:
        self.keystore.rewrap()

    @rule()
    def open_again(self) -> None:
        self.keystore = Keystore.open(self.home / "keystore")

    @rule()
    def move_to_a_backup(self) -> None:
        self.backups += 1
        self.keystore.backup_to(self.home / f"backup-{self.backups}")
        shutil.rmtree(self.home / "keystore")
        (self.home / f"backup-{self.backups}").rename(self.home / "keystore")

    @invariant()
    def every_living_case_has_its_key(self) -> None:
        assert self.keystore.cases() == tuple(sorted(self.living))
        for case, key in self.living.items():
            assert self.keystore.case_key(case).material == key.material

    @invariant()
    def every_erased_case_has_none(self) -> None:
        with pytest.raises(UnknownKeyError):
            self.keystore.case_key(CaseId("never-made"))
        for case in self.erased:
            with pytest.raises(KeyErasedError):
                self.keystore.case_key(case)

    @invariant()
    def every_old_signature_still_verifies(self) -> None:
        for key, signature in self.signed:
            found = self.keystore.public_keys(key.purpose)[key.kid]
            assert found.state in {KeyState.OUTGOING, KeyState.VERIFY_ONLY}
            verify(b"made up", signature, found.public_key)

    def teardown(self) -> None:
        self.keystore.check_integrity()
        shutil.rmtree(self.home)


TestKeystoreMachine = KeystoreMachine.TestCase
TestKeystoreMachine.settings = settings(
    max_examples=rounds(8), stateful_step_count=12, deadline=None
)
