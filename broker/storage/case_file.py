"""What is about the person, encrypted under the key of its case and bound to its place."""

import json
import secrets

from audit.format.commitment import commit
from broker.domain.model import Disclosure
from broker.storage.disclosures import Store
from keys import CaseKey, KeyErasedError, Keystore, Place, open_field, seal_field


class CaseFile:
    """The encrypted fields of one disclosure, inside the caller's transaction.

    A field is bound to its case, its disclosure, its name and its version: a row that is moved,
    swapped or put back from an older backup does not open.
    """

    def __init__(
        self,
        *,
        store: Store,
        keystore: Keystore,
        disclosure: Disclosure,
        key: CaseKey | None = None,
    ) -> None:
        """Work on one disclosure; its key is taken from the keystore when it is first needed."""
        self.disclosure = disclosure
        self._store = store
        self._keystore = keystore
        self._key = key

    def put(self, name: str, content: bytes) -> None:
        """Encrypt and keep a field for the first time."""
        sealed = seal_field(self._case_key(), content, self._place(name, 1))
        self._store.put_field(self.disclosure, name, 1, sealed)

    def get(self, name: str) -> bytes | None:
        """Return the content of a field, or None where there is none (any more).

        Raises `CannotOpenError` where it was tampered with, `UnknownKeyError` where it was erased.
        """
        held = self._store.field(self.disclosure, name)
        if held is None:
            return None
        version, sealed = held
        return open_field(self._case_key(), sealed, self._place(name, version))

    def commit(self, name: str, value: object) -> str:
        """Keep a JSON value with a fresh salt, and return the commitment that the ledger may hold.

        What is kept is the opening: a court that is given it can check it against the ledger.
        """
        salt = secrets.token_bytes(32)
        opening = {"salt": salt.hex(), "value": value}
        self.put(name, json.dumps(opening, ensure_ascii=False).encode())
        return commit(name, value, salt)

    def committed(self, name: str) -> object:
        """Return a value kept by `commit`; raises as `get`, and `KeyError` if there is none."""
        value = self.found(name)
        if value is None:
            # The case may have been erased since the disclosure was read.
            if self._store.is_erased(self.disclosure.case):
                raise KeyErasedError
            raise KeyError(name)
        return value

    def found(self, name: str) -> object | None:
        """Return a value kept by `commit`, or None if there is none; raises as `get`."""
        opening = self.get(name)
        if opening is None:
            return None
        value: object = json.loads(opening)["value"]
        return value

    def keep_decision(self, number: int, facts: object, decision: object) -> tuple[str, str]:
        """Keep what decision `number` judged and answered, and return the commitments to both."""
        return self.commit(f"facts/{number}", facts), self.commit(f"decision/{number}", decision)

    def facts(self, number: int | None = None) -> object:
        """Return the facts of decision `number`, the newest unless told; raises as `committed`."""
        return self.committed(f"facts/{number or self.disclosure.decision_number}")

    def decision(self, number: int | None = None) -> object:
        """Return the answer of decision `number`, the newest unless told; as `committed`."""
        return self.committed(f"decision/{number or self.disclosure.decision_number}")

    def drop(self, name: str) -> bool:
        """Forget a field; say whether there was one."""
        return self._store.drop_field(self.disclosure, name)

    def _case_key(self) -> CaseKey:
        if self._key is None:
            self._key = self._keystore.case_key(self.disclosure.case)
        return self._key

    def _place(self, name: str, version: int) -> Place:
        return Place(
            case=self.disclosure.case,
            field=f"{self.disclosure.reference}/{name}",
            version=version,
        )
