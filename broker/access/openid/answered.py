"""What a browser brings back from a provider, as it came."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The state and the code that came back; `issuer` where the provider names itself."""

    state: str
    code: str
    issuer: str | None
