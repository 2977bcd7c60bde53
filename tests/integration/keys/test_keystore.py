from datetime import datetime, timedelta
from pathlib import Path

import pytest

from keys import (
    CaseId,
    HardwareToken,
    IndexPurpose,
    KeyErasedError,
    KeyExistsError,
    KeyId,
    KeyInUseError,
    KeyState,
    Keystore,
    KeystoreExistsError,
    KeystoreMissingError,
    PublicKey,
    Purpose,
    SigningKey,
    UnknownKeyError,
    verify,
)


def public_half(key: SigningKey, state: KeyState) -> PublicKey:
    return PublicKey(
        kid=key.kid,
        purpose=key.purpose,
        state=state,
        created_at=key.created_at,
        public_key=key.public_key,
    )


def test_every_purpose_has_a_key_of_its_own(keystore: Keystore) -> None:
    assert len({keystore.signing_key(purpose).kid for purpose in Purpose}) == len(Purpose)
    assert [keystore.signing_key(purpose).purpose for purpose in Purpose] == list(Purpose)


def test_keys_come_back_after_opening_again(
    keystore: Keystore,
    folder: Path,
    noon: datetime,
    case: CaseId,
    protection: HardwareToken | None,
) -> None:
    services = keystore.new_case_key(case, noon)

    again = Keystore.open(folder, protection)

    found = again.case_key(case)
    assert (found.case, found.key_id, found.material) == (case, services.key_id, services.material)
    assert again.identity == keystore.identity
    assert again.cases() == (case,)
    for purpose in Purpose:
        assert again.public_keys(purpose) == keystore.public_keys(purpose)
        assert again.signing_key(purpose).sign(b"x") == keystore.signing_key(purpose).sign(b"x")
    for index_purpose in IndexPurpose:
        assert again.index_key(index_purpose).digest(b"x") == keystore.index_key(
            index_purpose
        ).digest(b"x")


def test_two_keystores_share_nothing(tmp_path: Path, noon: datetime) -> None:
    one = Keystore.create(tmp_path / "one", None, now=noon)
    two = Keystore.create(tmp_path / "two", None, now=noon)

    assert one.identity != two.identity
    assert one.public_keys(Purpose.LEDGER).keys() != two.public_keys(Purpose.LEDGER).keys()
    digests = {
        keystore.index_key(purpose).digest(b"x")
        for keystore in (one, two)
        for purpose in IndexPurpose
    }
    assert len(digests) == 2 * len(IndexPurpose)


def test_a_keystore_is_never_written_over_another(
    keystore: Keystore, folder: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    with pytest.raises(KeystoreExistsError, match="never overwritten"):
        Keystore.create(folder, None, now=noon)

    assert Keystore.open(folder, protection).identity == keystore.identity


def test_an_empty_folder_holds_no_keystore(tmp_path: Path) -> None:
    with pytest.raises(KeystoreMissingError, match="broker init"):
        Keystore.open(tmp_path / "elsewhere")


def test_a_half_made_keystore_does_not_count(tmp_path: Path, noon: datetime) -> None:
    folder = tmp_path / "cut-short"
    folder.mkdir(mode=0o700)
    (folder / "keystore.kek.new").write_bytes(b"cut")
    (folder / "keystore.db.new").write_bytes(b"cut")

    with pytest.raises(KeystoreMissingError):
        Keystore.open(folder)
    keystore = Keystore.create(folder, None, now=noon)

    keystore.check_integrity()
    assert {path.name for path in folder.iterdir()} == {"keystore.db", "keystore.kek"}


def test_every_file_is_private(filed: Keystore, folder: Path) -> None:
    filed.check_integrity()

    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {"keystore": 0o700, "keystore.db": 0o600, "keystore.kek": 0o600}


def test_a_keystore_does_not_show_its_secrets(locked: Keystore, folder: Path) -> None:
    assert repr(locked) == f"Keystore({str(folder)!r}, identity={locked.identity!r})"


def test_a_new_key_signs_and_the_old_one_still_verifies(
    keystore: Keystore, noon: datetime
) -> None:
    old = keystore.signing_key(Purpose.TOKEN)
    later = noon + timedelta(days=90)

    new = keystore.activate(keystore.prepare(Purpose.TOKEN, later).kid)

    assert keystore.signing_key(Purpose.TOKEN).sign(b"x") == new.sign(b"x")
    assert keystore.public_keys(Purpose.TOKEN) == {
        old.kid: public_half(old, KeyState.VERIFY_ONLY),
        new.kid: public_half(new, KeyState.ACTIVE),
    }
    verify(b"x", old.sign(b"x"), keystore.public_keys(Purpose.TOKEN)[old.kid].public_key)


def test_a_rotation_leaves_the_other_purposes_alone(keystore: Keystore, noon: datetime) -> None:
    before = keystore.public_keys(Purpose.LEDGER)

    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)

    assert keystore.public_keys(Purpose.LEDGER) == before


def test_a_rotated_key_can_be_retired(keystore: Keystore, noon: datetime) -> None:
    old = keystore.signing_key(Purpose.TOKEN)
    new = keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)

    keystore.retire(old.kid)

    assert keystore.public_keys(Purpose.TOKEN) == {
        old.kid: public_half(old, KeyState.RETIRED),
        new.kid: public_half(new, KeyState.ACTIVE),
    }


def test_a_key_that_signs_cannot_be_retired(keystore: Keystore) -> None:
    with pytest.raises(KeyInUseError, match="Rotate its purpose first"):
        keystore.retire(keystore.signing_key(Purpose.TOKEN).kid)


def test_a_key_is_made_before_it_signs(keystore: Keystore, noon: datetime) -> None:
    old = keystore.signing_key(Purpose.TOKEN)

    waiting = keystore.prepare(Purpose.TOKEN, noon)

    assert keystore.prepare(Purpose.TOKEN, noon).kid == waiting.kid
    assert keystore.signing_key(Purpose.TOKEN).kid == old.kid
    assert keystore.public_keys(Purpose.TOKEN)[waiting.kid].state is KeyState.PENDING
    with pytest.raises(KeyInUseError):
        keystore.retire(waiting.kid)
    for _ in range(2):
        assert keystore.activate(waiting.kid).kid == waiting.kid


def test_a_ledger_key_signs_on_beside_its_successor_until_it_ends(
    keystore: Keystore, noon: datetime
) -> None:
    first = keystore.signing_key(Purpose.LEDGER)
    second = keystore.activate(keystore.prepare(Purpose.LEDGER, noon).kid)
    assert kids_of(keystore) == [second.kid, first.kid]

    third = keystore.prepare(Purpose.LEDGER, noon)
    assert kids_of(keystore) == [second.kid, first.kid, third.kid]
    keystore.activate(third.kid)
    assert kids_of(keystore) == [third.kid, second.kid]

    assert keystore.retire(second.kid).state is KeyState.RETIRED
    assert kids_of(keystore) == [third.kid]
    states = [key.state for key in keystore.ring(Purpose.LEDGER).public]
    assert states == [KeyState.VERIFY_ONLY, KeyState.RETIRED, KeyState.ACTIVE]
    keystore.check_integrity()


def kids_of(keystore: Keystore) -> list[KeyId]:
    return [key.kid for key in keystore.ring(Purpose.LEDGER).signing]


def test_a_stolen_key_is_never_merely_retired_again(keystore: Keystore, noon: datetime) -> None:
    old = keystore.signing_key(Purpose.TOKEN)
    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)

    states = [
        keystore.retire(old.kid, compromised=compromised).state
        for compromised in (False, True, False)
    ]

    assert states == [KeyState.RETIRED, KeyState.COMPROMISED, KeyState.COMPROMISED]
    assert [state.is_over for state in states] == [True] * 3


def test_an_unknown_key_cannot_be_retired(keystore: Keystore) -> None:
    with pytest.raises(UnknownKeyError):
        keystore.retire(KeyId("no-such-key"))
    with pytest.raises(UnknownKeyError):
        keystore.activate(KeyId("no-such-key"))


def test_a_case_has_one_key_only(keystore: Keystore, noon: datetime, case: CaseId) -> None:
    keystore.new_case_key(case, noon)

    with pytest.raises(KeyExistsError, match="an identifier of its own"):
        keystore.new_case_key(case, noon)


def test_an_unknown_case_has_no_key(keystore: Keystore, noon: datetime, case: CaseId) -> None:
    with pytest.raises(UnknownKeyError, match="holds no key for this case"):
        keystore.case_key(case)
    with pytest.raises(UnknownKeyError, match="holds no key for this case"):
        keystore.erase_case(case, noon)


def test_an_erased_case_says_so_for_ever(keystore: Keystore, noon: datetime, case: CaseId) -> None:
    keystore.new_case_key(case, noon)
    keystore.new_case_key(CaseId("case-0002"), noon)

    keystore.erase_case(case, noon)
    keystore.erase_case(case, noon)

    with pytest.raises(KeyErasedError, match="nothing needs to be repaired"):
        keystore.case_key(case)
    with pytest.raises(KeyExistsError, match="one that was erased"):
        keystore.new_case_key(case, noon)
    assert keystore.cases() == ("case-0002",)
    keystore.check_integrity()


def test_an_index_key_finds_equal_things_without_showing_them(keystore: Keystore) -> None:
    key = keystore.index_key(IndexPurpose.FINGERPRINT)

    assert key.digest(b"x") == key.digest(b"x")
    assert key.digest(b"x") != key.digest(b"y")
    assert len(key.digest(b"x")) == 32
    assert repr(key) == "IndexKey(purpose=<IndexPurpose.FINGERPRINT: 'sameness'>)"


def test_a_backup_opens_like_the_keystore(
    keystore: Keystore, tmp_path: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    case = CaseId("case-0001")
    services = keystore.new_case_key(case, noon)

    keystore.backup_to(tmp_path / "backup")

    backup = Keystore.open(tmp_path / "backup", protection)
    backup.check_integrity()
    assert backup.identity == keystore.identity
    assert backup.case_key(case).material == services.material
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "backup").iterdir()}
    files = ["keystore.db"] if protection else ["keystore.db", "keystore.kek"]
    assert modes == dict.fromkeys(files, 0o600)


def test_a_backup_under_a_passphrase_holds_no_root(
    locked: Keystore, tmp_path: Path, passphrase: str
) -> None:
    locked.backup_to(tmp_path / "backup")

    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["keystore.db"]
    assert Keystore.open(tmp_path / "backup", passphrase).identity == locked.identity


def test_a_backup_is_never_written_over_a_keystore(keystore: Keystore, folder: Path) -> None:
    with pytest.raises(KeystoreExistsError):
        keystore.backup_to(folder)
