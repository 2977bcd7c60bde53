"""Idempotency keys: of a step about a disclosure, and of a submission that named none."""

import json
from collections.abc import Iterator, Sequence

from broker.domain.model import Person, SubmissionKey
from broker.domain.references import Prefix, Reference, new_reference
from keys import CaseId, IndexKey


def key_of_step(idempotency: IndexKey, key: str, *said: object) -> SubmissionKey:
    """Return the key of a step about a disclosure, with the digest of what is said in it."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return SubmissionKey(key=key, body=idempotency.digest(text))


def derived_key(body: bytes, turn: int, again: str | None, idempotency: IndexKey) -> str:
    """Return the key of a submission that named none: the same for the same pack and files."""
    said = json.dumps([body.hex(), turn, again]).encode()
    return f"pack-{idempotency.digest(said).hex()[:48]}"


def reference_by_key(idempotency: IndexKey, key: str, person: Person, prefix: Prefix) -> Reference:
    """Return the reference that somebody's call with this key makes: each time the same."""
    said = json.dumps([str(prefix), person.id, person.agency, key])
    drawn = _drawn(idempotency, said)

    def choose(characters: Sequence[str]) -> str:
        return characters[next(drawn) % len(characters)]

    return new_reference(choose, prefix=prefix)


def case_by_key(idempotency: IndexKey, key: str, person: Person) -> CaseId:
    """Return the case that somebody's call with this key opens: each time the same."""
    said = json.dumps(["case", person.id, person.agency, key])
    return CaseId(f"c-{idempotency.digest(said.encode()).hex()[:16]}")


def _drawn(idempotency: IndexKey, said: str) -> Iterator[int]:
    """Yield numbers that nobody without the key can foresee, as many as are wanted."""
    turn = 0
    while True:
        digest = idempotency.digest(json.dumps([said, turn]).encode())
        yield from (int.from_bytes(digest[at : at + 4]) for at in range(0, len(digest), 4))
        turn += 1
