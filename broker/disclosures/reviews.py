"""What a Guardian decided on a referral, kept encrypted with the case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from broker.domain.json_values import as_array, as_object, is_object, text, texts
from broker.domain.times import day_text
from broker.storage.case_file import CaseFile, Part
from keys import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A Guardian's word on a referral: on what grounds, and whether it counted.

    `replies` is how many questions had been replied to when it was given; `public_interest` what
    was weighed where it went against an adult's no, part by part.
    """

    by: PersonId
    on: date
    verdict: str
    relation: str
    principles: tuple[int, ...]
    reason: str
    left_out: tuple[str, ...]
    counts: bool
    replies: int
    public_interest: Mapping[str, str] = field(default_factory=dict[str, str])

    def document(self) -> dict[str, object]:
        """Return it as the JSON value that is kept and that Guardians read."""
        return {
            "by": self.by,
            "on": day_text(self.on),
            "verdict": self.verdict,
            "relation": self.relation,
            "principles": list(self.principles),
            "reason": self.reason,
            "left_out": list(self.left_out),
            "counts": self.counts,
            "replies": self.replies,
            "public_interest": dict(self.public_interest),
        }

    def for_the_sender(self) -> dict[str, object]:
        """Return where it stands for the sender, without a word of the reason."""
        return {
            "verdict": self.verdict,
            "on": day_text(self.on),
            "counts": self.counts,
            "left_out": list(self.left_out),
        }

    def with_its_reason(self) -> dict[str, object]:
        """Return what the sender reads: the reason where it refused or took something out."""
        is_explained = self.counts and self.verdict != "approve"
        return {**self.for_the_sender(), "reason": self.reason if is_explained else None}

    def says_the_same_as(self, other: "Review") -> bool:
        """Say whether both are one person's same words at the same point of the talk."""
        mine, others = self.document(), other.document()
        return all(mine[name] == others[name] for name in mine if name not in {"on", "counts"})


def keep_review(file: CaseFile, number: int, review: Review) -> str:
    """Keep the review that led to decision `number` and return the commitment to it."""
    return file.commit(Part.REVIEW.numbered(number), review.document())


def reviews_of(file: CaseFile) -> tuple[Review, ...]:
    """Return every review of a disclosure, the first first."""
    return tuple(_reviews(file))


def _reviews(file: CaseFile) -> Iterator[Review]:
    # The first decision is the submission's; each review led to one more.
    for number in range(2, file.disclosure.decision_number + 1):
        kept = file.found(Part.REVIEW.numbered(number))
        # What an earlier release kept is the reason alone, and is read by nobody but a court.
        if is_object(kept):
            yield _review(kept)


def _review(kept: Mapping[str, object]) -> Review:
    return Review(
        by=PersonId(text(kept["by"])),
        on=date.fromisoformat(text(kept["on"])),
        verdict=text(kept["verdict"]),
        relation=text(kept["relation"]),
        principles=tuple(
            principle for principle in as_array(kept["principles"]) if isinstance(principle, int)
        ),
        reason=text(kept["reason"]),
        left_out=texts(kept["left_out"]),
        counts=kept["counts"] is True,
        replies=kept["replies"] if isinstance(kept["replies"], int) else 0,
        public_interest={
            part: text(words) for part, words in as_object(kept.get("public_interest", {})).items()
        },
    )
