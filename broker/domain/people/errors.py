"""What can go wrong with people, accounts and sessions, in words for the person who must act."""

from broker.domain.errors import BrokerError, NotAllowedError, WrongStateError


class UnknownPersonError(BrokerError):
    """Raised where there is no such person, or no such role of theirs."""

    def __init__(self) -> None:
        """Say where they are listed."""
        super().__init__("There is no such person or role here. See: broker people list")


class SignInRefusedError(BrokerError):
    """Raised for whatever is wrong with a sign-in; the words never say which part it was."""

    def __init__(self) -> None:
        """Say what to try, and who can help."""
        super().__init__(
            "That did not match. Check the address, the password and the newest code of your "
            "app. After several tries you must wait; if it goes on, ask two administrators for "
            "a new link."
        )


class TooManyTriesError(BrokerError):
    """Raised where signing in is closed for a while, or until two administrators open it."""

    def __init__(self) -> None:
        """Say when it goes on."""
        super().__init__(
            "Too many tries. Wait 15 minutes; if it was not you, tell your administrator. In an "
            "emergency ring 999."
        )


class InvitationSpentError(BrokerError):
    """Raised where a link was used, has run out, was replaced, or never was one."""

    def __init__(self) -> None:
        """Say who makes a new one."""
        super().__init__(
            "This link has been used or has run out. Ask your administrator for a new one."
        )


class NotSignedInError(BrokerError):
    """Raised where nobody is signed in, for whatever reason."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("You are not signed in, or were signed out. Sign in again.")


class RoleNotChosenError(BrokerError):
    """Raised where somebody who has several roles has not yet chosen one."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Choose the role in which you work now.")


class StepUpNeededError(BrokerError):
    """Raised where an action needs a code of this moment."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Type the newest code of your app, or use your passkey, to go on.")


class ElsewhereRefusedError(BrokerError):
    """Raised for whatever is wrong with what another organisation's sign-in answered."""

    def __init__(self) -> None:
        """Say what to try, and what works without it."""
        super().__init__(
            "What your organisation's sign-in answered does not count here. Begin again, or use "
            "your password and code."
        )


class WeakElsewhereError(NotAllowedError):
    """Raised where another organisation's sign-in asked for too little, or too long ago."""

    def __init__(self) -> None:
        """Say what it must ask for."""
        super().__init__(
            "Your organisation's sign-in must ask you now, and for a second thing beside your "
            "password. Sign out there and begin again, or use your password and code."
        )


class UnknownElsewhereError(NotAllowedError):
    """Raised where another organisation's sign-in stands for nobody here."""

    def __init__(self) -> None:
        """Say how it comes to stand for somebody."""
        super().__init__(
            "This account of your organisation is not joined to anybody here. Sign in with your "
            "password and code, and join it under Your account."
        )


class ElsewhereAwayError(BrokerError):
    """Raised where another organisation's sign-in does not answer, or answers nonsense."""

    def __init__(self) -> None:
        """Say what works without it."""
        super().__init__(
            "Your organisation's sign-in does not answer. Use your password and code, or try "
            "again in a minute."
        )


class WeakPasswordError(BrokerError):
    """Raised for a password that is too short, too common or not text."""


class TwoPeopleNeededError(NotAllowedError):
    """Raised where one person would do what takes two."""

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            "This takes two people, each with an account of their own. Ask another administrator "
            "to do it."
        )


class AccountExistsError(WrongStateError):
    """Raised where a person has an account, and a token on their behalf is asked for."""

    def __init__(self) -> None:
        """Say how they work."""
        super().__init__(
            "This person has an account and works by signing in, so nobody else makes a token "
            "for them."
        )


class RowDoubtedError(BrokerError):
    """Raised where a row that gives power is not the one that the ledger knows."""

    def __init__(self, table: str) -> None:
        """Name the table alone, and what comes first."""
        super().__init__(
            f"ALARM: a row of the table {table} is not as it was recorded, so nothing rests on "
            "it. Tell the operator: broker check, then broker ledger verify"
        )
