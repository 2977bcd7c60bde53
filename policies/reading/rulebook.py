"""A rulebook: every card, word and register, read and checked as one, with one version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from policies.engine import ENGINE, Card
from policies.errors import Message
from policies.reading.bundle import bundle_of, digest_of, meaning_of, sources_of
from policies.reading.cards import read_card
from policies.reading.combination import Combination, read_terms
from policies.reading.laws import SHARING_DUTY, Law, read_laws
from policies.reading.mail import MAIL_REGISTER, MailRegister, read_mail_register
from policies.reading.obligations import ObligationType, read_obligations
from policies.reading.registers import read_registers
from policies.reading.strict_toml import Faults, Source, parse_source
from policies.reading.vocabulary import Vocabulary, read_vocabulary
from policies.registers import Registers

FILES: Final = (
    "combine.toml",
    "law.toml",
    "obligations.toml",
    "registers/legal-basis.toml",
    "registers/lists.toml",
    MAIL_REGISTER,
    "registers/purposes.toml",
    "vocabulary/derived.toml",
    "vocabulary/document.toml",
    "vocabulary/facts.toml",
    "vocabulary/fields.toml",
    "vocabulary/words.toml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Holding one proves that every card says only what the vocabulary knows.

    `version` is the digest of the bundle; `meaning` leaves the wording out. `dated_cards` are
    those that apply on some days alone.
    """

    vocabulary: Vocabulary
    registers: Registers
    cards: tuple[Card, ...]
    dated_cards: tuple[Card, ...]
    obligations: Mapping[str, ObligationType]
    terms: Combination
    laws: Mapping[str, Law]
    mail: MailRegister
    version: str
    meaning: str
    engine: str
    content: bytes

    @classmethod
    def shipped(cls) -> "Rulebook":
        """Return the rulebook that comes with this package; raise `RulebookError` if broken."""
        return cls.read(files("policies") / "rulebook")

    @classmethod
    def read(cls, folder: Traversable) -> "Rulebook":
        """Return the rulebook of a folder, or raise `RulebookError` with every fault found."""
        return cls.parse({name: path.read_bytes() for name, path in rule_files(folder)})

    @classmethod
    def parse(cls, contents: Mapping[str, bytes]) -> "Rulebook":
        """Return the rulebook whose files have these contents, or raise `RulebookError`."""
        faults = Faults()
        sources = [parse_source(name, text, faults) for name, text in contents.items()]
        return _read(sources, faults)

    @classmethod
    def from_bundle(cls, bundle: bytes) -> "Rulebook":
        """Return the rulebook that `bundle()` gave, or raise `RulebookError`.

        A bundle judges again only with the engine that made it: another might answer otherwise.
        """
        return _read(sources_of(bundle), Faults())

    def has_sharing_duty(self, on: date) -> bool:
        """Say whether the duty to share about a child is in force on a day, by the law register.

        It is not before somebody has entered its commencement (Children Act 2004 s16LA).
        """
        law = self.laws.get(SHARING_DUTY)
        return law is not None and law.is_in_force(on)

    def bundle(self) -> bytes:
        """Return everything that decides, as canonical JSON."""
        return self.content


def rule_files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield the files of a rulebook by name: the known ones that are there, then the cards."""
    for name in FILES:
        path = folder.joinpath(*name.split("/"))
        if path.is_file():
            yield name, path
    cards = folder.joinpath("rules")
    if cards.is_dir():
        for path in sorted(cards.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".toml") and not path.name.endswith(".cases.toml"):
                yield f"rules/{path.name}", path


def _read(sources: Sequence[Source], faults: Faults) -> Rulebook:
    by_name = {source.name: source for source in sources}
    faults.messages.extend(
        Message(file=name, line=None, text="This file is missing.")
        for name in FILES
        if name not in by_name
    )
    faults.raise_any()
    vocabulary = read_vocabulary(by_name, faults)
    faults.raise_any()
    laws = read_laws(by_name["law.toml"], faults)
    cards = _cards(by_name, vocabulary, laws, faults)
    registers = read_registers(by_name, vocabulary, faults)
    duties = read_obligations(by_name["obligations.toml"], cards.values(), vocabulary, faults)
    terms = read_terms(by_name["combine.toml"], cards, vocabulary, faults)
    mail = read_mail_register(by_name[MAIL_REGISTER], faults)
    faults.raise_any()
    content = bundle_of(sources)
    return Rulebook(
        vocabulary=vocabulary,
        registers=registers,
        cards=tuple(cards.values()),
        dated_cards=tuple(card for card in cards.values() if card.first_day or card.last_day),
        obligations=duties,
        terms=terms,
        laws=laws,
        mail=mail,
        version=digest_of(content),
        meaning=meaning_of(sources),
        engine=ENGINE,
        content=content,
    )


def _cards(
    by_name: Mapping[str, Source], vocabulary: Vocabulary, laws: Mapping[str, Law], faults: Faults
) -> dict[str, Card]:
    cards: dict[str, Card] = {}
    for name in sorted(by_name):
        if name.startswith("rules/"):
            card = read_card(by_name[name], vocabulary, laws, faults)
            if card.rule in cards:
                faults.add(by_name[name], f"Another card is {card.rule} too.", at="rule")
            cards[card.rule] = card
    return cards
