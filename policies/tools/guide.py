"""Write a rulebook out as one guide, so that it can be read and approved without its files."""

from collections.abc import Iterable, Iterator
from typing import Final

from policies.reading.bundle import sources_of
from policies.reading.laws import Law
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Section
from policies.tools.card_pages import (
    CardAnswer,
    CardPage,
    card_pages,
    days_in_words,
    in_brackets,
    table_of,
    where_in,
)
from policies.tools.explain import label

_INTRODUCTION: Final = """\
# The rules

Each rule answers one question. A rule speaks only where what stands under its title is so, and
gives the first answer that fits. Any answer that refuses stops the disclosure. If none refuses and
any refers, it waits for a person. A permit is earned: each of the questions below needs one of
its rules to say "met".

This is not legal advice. The last part says how each source of law was read, and when it is in
force; what nobody has read stands apart at the end, and must be confirmed before anyone relies on
it.
"""
_APPROVERS: Final = (
    "Information governance lead",
    "Data protection officer",
    "Caldicott Guardian",
    "Prevent lead",
)
_LISTS_OF_FIELDS: Final = {
    "minimum": "Always",
    "for-a-child": "Where the person may be under 18",
    "with-a-reason": "With a written reason for the field",
    "with-agreement": "Of these, without the Guardian where an agreement to share holds",
    "to-a-safeguarding-inbox": "To a safeguarding inbox, nothing but",
}


def guide(rulebook: Rulebook) -> str:
    """Return a whole rulebook as Markdown: questions, rules, fields, words, and law."""
    sources = {source.name: source for source in sources_of(rulebook.bundle())}
    parts = [
        _INTRODUCTION,
        *_approval(rulebook),
        *_questions(table_of(sources["combine.toml"])),
        *(part for page in card_pages(rulebook) for part in _card(page)),
        *_purposes(
            table_of(sources["registers/purposes.toml"]),
            table_of(sources["registers/legal-basis.toml"]),
        ),
        *_words(table_of(sources["vocabulary/derived.toml"])),
        *_lists(table_of(sources["registers/lists.toml"])),
        *_laws(rulebook.laws.values()),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _approval(rulebook: Rulebook) -> Iterator[str]:
    yield "## Which rules these are, and who approves them"
    register, law = rulebook.mail.checked_on, _newest_law(rulebook)
    meaning = (
        f"Digest of the meaning: `{rulebook.meaning}`. It stays the same where wording alone "
        "changes."
    )
    version = (
        f"Version: `{rulebook.version}`. It is the digest of every file of the rules: a change of "
        "one letter gives another. `broker check` names the version in force, and the ledger the "
        "one by which each decision was made."
    )
    day = (
        f"Written on {rulebook.terms.written_on}. The register of mail domains was checked on "
        f"{register}; the newest law that is dated here came into force on {law}."
    )
    yield _bullets((version, meaning, day))
    yield (
        "Whoever approves them signs for this version and no other, for a time: "
        "`broker policy activate --until DAY` lets them end on the day that is written here."
    )
    yield "\n".join(
        (
            "| function | name | approved, until (day) | signed on (day) | signature |",
            "|---|---|---|---|---|",
            *(f"| {function} | | | | |" for function in _APPROVERS),
        )
    )


def _newest_law(rulebook: Rulebook) -> str:
    days = [law.begins for law in rulebook.laws.values() if law.begins is not None]
    return str(max(days, default="no day"))


def _questions(terms: Section) -> Iterator[str]:
    yield "## What a permit must answer"
    yield _bullets(
        f"{question.text('asks')} ({', '.join(question.texts('answered-by'))})"
        + where_in(question.items("only-when"))
        for question in terms.sections("questions")
    )


def _card(page: CardPage) -> Iterator[str]:
    yield f"## {page.rule} {page.title}"
    yield page.why
    if page.applies:
        yield f"It applies {page.applies}."
    if page.speaks_where:
        yield f"It speaks where {page.speaks_where}."
    yield _numbered(map(_answer, page.answers))
    if page.duties:
        yield "What is owed when this may go:"
        yield _bullets(page.duties)
    yield f"Law: {'; '.join(page.law)}."


def _answer(answer: CardAnswer) -> str:
    parts = [f"**{answer.verdict}**{in_brackets(answer.where)}. {answer.say}"]
    if answer.lawful_if:
        parts.append(f"*Lawful if:* {answer.lawful_if}")
    return " ".join((*parts, *answer.marks))


def _purposes(purposes: Section, conditions: Section) -> Iterator[str]:
    yield "## Which fields go, purpose by purpose"
    yield "A field in no list never goes, unless a verified order names it (R29)."
    for name, purpose in purposes.each():
        yield f"### {name}"
        fields = list(_fields(purpose)) or ["No field goes by this list."]
        yield _bullets([*fields, *_conditions(conditions.section(name))])


def _fields(purpose: Section) -> Iterator[str]:
    for key, words in _LISTS_OF_FIELDS.items():
        if fields := purpose.optional_texts(key):
            yield f"{words}: {', '.join(map(label, fields))}."
    if others := purpose.optional_text("others"):
        yield f"Any other field waits for {others}."
    needed = purpose.optional_section("to-act-on")
    for name in needed.names():
        yield f"To act on it takes {name}: one of {', '.join(map(label, needed.texts(name)))}."


def _conditions(condition: Section) -> Iterator[str]:
    usual = ", ".join(condition.texts("usual")) or "none"
    yield f"Usual conditions for special category data: {usual}."
    if for_a_child := condition.optional_texts("for-a-child"):
        yield f"For a child also: {', '.join(for_a_child)}."
    if from_the_police := condition.optional_texts("from-the-police"):
        yield f"From the police also: {', '.join(from_the_police)}."


def _words(derived: Section) -> Iterator[str]:
    yield "## Words that are worked out"
    yield _bullets(f"**{name}**: {entry.text('gloss')}." for name, entry in derived.each())


def _lists(lists: Section) -> Iterator[str]:
    yield "## Lists"
    yield _bullets(f"**{name}**: {', '.join(lists.texts(name))}." for name in lists.names())


def _laws(laws: Iterable[Law]) -> Iterator[str]:
    laws = sorted(laws, key=lambda law: law.citation)
    yield "## The law, how it was read, and when it is in force"
    yield "Extents are unverified throughout. A day that is not given was not read."
    yield _bullets(_law(law) for law in laws if law.reading is not None)
    yield "## Law that nobody has read yet"
    yield "Known, and to be confirmed in its source before anyone relies on it."
    yield _bullets(
        f"**{law.citation}** ({law.extent}{_force(law)}): {law.sentence}"
        for law in laws
        if law.reading is None
    )


def _law(law: Law) -> str:
    reading = law.reading
    read = "" if reading is None else f"{reading.edition}, by {reading.by}, by {reading.on}"
    return (
        f"**{law.citation}** ({law.tag}; {law.extent}{_force(law)}): {law.sentence} "
        f"Read: {read}. How: {law.read_in}"
    )


def _force(law: Law) -> str:
    if law.is_off:
        return ", off until a named person enters its commencement with its source"
    days = days_in_words(law.begins, law.in_force_to)
    entered = law.commencement
    by = "" if entered is None else f" by {entered.source}, entered by {entered.entered_by}"
    return f", in force {days}{by}" if days else ""


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
