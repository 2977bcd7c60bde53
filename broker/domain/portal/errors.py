"""What a reader of a page is told instead of what they asked for."""

from broker.domain.errors import BrokerError
from broker.domain.portal.asking import Refused
from broker.domain.portal.pages import Ring


class PageError(BrokerError):
    """The base of what a page answers otherwise."""


class UnknownPageError(PageError):
    """Raised for a token that no page has."""

    def __init__(self) -> None:
        """Say no more than that."""
        super().__init__("There is no such page.")


class _NothingHereError(PageError):
    """Raised where a page gives nothing, with whom to ring."""

    def __init__(self, ring: Ring) -> None:
        """Keep whom to ring."""
        super().__init__("This page gives nothing.")
        self.ring = ring


class PageEndedError(_NothingHereError):
    """Raised once a page was recalled, or its days have ended."""


class PageLockedError(_NothingHereError):
    """Raised after five wrong codes, until the sender rings again."""


class WrongCodeError(PageError):
    """Raised for a code that was told to nobody."""

    def __init__(self, left: int) -> None:
        """Keep how many more may be tried."""
        super().__init__("That is not the code.")
        self.left = left


class AskRefusedError(PageError):
    """Raised where the gateway does not do what a reader asks."""

    def __init__(self, refused: Refused) -> None:
        """Keep why."""
        super().__init__("That cannot be done.")
        self.refused = refused


class NotRecordedError(PageError):
    """Raised where the gateway did not say in time that it is recorded."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("It could not be recorded just now. Try again in a minute.")
