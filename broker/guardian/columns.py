"""A referral in three columns: what goes, what stays and why, what waits for the Guardian."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.disclosures.what_goes import WhatGoes
from broker.guardian.referral import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What goes (by an approval, while it waits), what stays and why, and what is still open.

    `your_word` is what an approval would settle, `answer_first` what only an answer does.
    """

    is_open: bool
    goes: tuple[str, ...]
    files_go: tuple[str, ...]
    stays: Mapping[str, str]
    files_stay: tuple[str, ...]
    your_word: tuple[str, ...]
    answer_first: tuple[str, ...]


def columns_of(referral: Referral) -> Columns:
    """Return the three columns: by an independent approval while it waits, else as decided."""
    approved = referral.approved
    if approved is None:
        return _of(referral.decided, is_open=False)
    still = set(approved.because)
    settled = tuple(one for one in referral.decided.because if one not in still)
    return _of(approved, is_open=True, your_word=settled, answer_first=approved.because)


def _of(
    what: WhatGoes,
    *,
    is_open: bool,
    your_word: tuple[str, ...] = (),
    answer_first: tuple[str, ...] = (),
) -> Columns:
    return Columns(
        is_open=is_open,
        goes=what.goes,
        files_go=what.files_go,
        stays=what.stays,
        files_stay=what.files_stay,
        your_word=your_word,
        answer_first=answer_first,
    )
