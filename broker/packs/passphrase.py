"""The passphrase of a sealed pack: six words that survive a telephone.

The words come from two lists of the Electronic Frontier Foundation (THIRD-PARTY-NOTICES): those of
three to five letters, without words that sound like others, are spelt differently in Britain, or
hurt to hear in a hard moment. Six of them in at most 32 characters are 62.8 bits; a zip, at which
guesses are cheaper, takes seven of any length (74.5 bits).
"""

import hashlib
import importlib.resources
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from broker.domain.errors import BrokerError

WORDS: Final = 6
WORDS_OF_A_ZIP: Final = 7
LONGEST: Final = 32
"""A sealed PDF takes more; people at a keyboard, and some viewers, do not."""

_LIST_SHA256: Final = "29646000f9ce6ecff292ad0370df43bfc0f27eed95b1125d14a3ef831218fcff"
_ICAO: Final = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November "
    "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_SPOKEN: Final = {name[0].lower(): name for name in _ICAO.split()}

Choose = Callable[[Sequence[str]], str]
"""Returns one of several words, each as likely as any other, by the system's randomness."""


class WordListError(BrokerError):
    """Raised when the list of words is not the one that was released."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The list of words for passphrases is not the released one, so no passphrase can be "
            "trusted. Install this version of the broker again."
        )


def draw_words_of_a_zip(choose: Choose = secrets.choice) -> str:
    """Return seven random words joined by hyphens."""
    words = word_list()
    return "-".join(choose(words) for _ in range(WORDS_OF_A_ZIP))


def draw_passphrase(choose: Choose = secrets.choice) -> str:
    """Return six random words joined by hyphens, 32 characters at most.

    Too long a draw is thrown away whole, so that every phrase that fits is equally likely.
    """
    words = word_list()
    while True:
        phrase = "-".join(choose(words) for _ in range(WORDS))
        if len(phrase) <= LONGEST:
            return phrase


def spell(word: str) -> str:
    """Return the letters a-z of `word` as they are said on a telephone: "Tango Hotel ..."."""
    return " ".join(_SPOKEN[letter] for letter in word)


def spelled_words(passphrase: str) -> tuple[tuple[str, str], ...]:
    """Return each word of a passphrase with its spelling, to be told by telephone."""
    return tuple((word, spell(word)) for word in passphrase.split("-"))


@cache
def word_list() -> tuple[str, ...]:
    """Return the words in alphabetical order, or raise `WordListError`."""
    content = (importlib.resources.files("broker.packs") / "words.txt").read_bytes()
    return words_of(content)


def words_of(content: bytes) -> tuple[str, ...]:
    """Return the words of a list file, one a line, or raise `WordListError` for any other file."""
    if hashlib.sha256(content).hexdigest() != _LIST_SHA256:
        raise WordListError
    return tuple(content.decode("ascii").split())
