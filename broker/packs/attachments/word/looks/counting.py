"""Write a number as lists and notes do (ECMA-376 part 1, 17.18.59)."""

from collections.abc import Callable

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 3_999
_LETTERS = 26
_MOST_LETTERS = 780  # Word doubles letters, aa for 27, and begins anew after thirty
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)


def counted(number: int, form: str) -> str:
    """Return `number` in a form by its name in the standard; unknown ones count in digits."""
    if form in _FORMS:
        return _FORMS[form](number)
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= _MOST_LETTERS:
        turns, letter = divmod(number - 1, _LETTERS)
        return _cased(chr(ord("a") + letter) * (turns + 1), form)
    if form in {"lowerRoman", "upperRoman"} and 0 < number <= _MOST_ROMAN:
        return _cased(_roman(number), form)
    return str(number)


def _cased(text: str, form: str) -> str:
    return text.upper() if form.startswith("upper") else text


def _roman(number: int) -> str:
    written: list[str] = []
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        written.append(letters * times)
    return "".join(written)


def _nothing(_: int) -> str:
    return ""


def _two_digits(number: int) -> str:
    return f"{number:02}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _cardinal_word(number: int) -> str:
    return _WORDS[number].capitalize() if 0 <= number < len(_WORDS) else str(number)


def _ordinal_word(number: int) -> str:
    return _ORDINALS[number].capitalize() if 0 <= number < len(_ORDINALS) else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "none": _nothing,
    "decimalZero": _two_digits,
    "ordinal": _ordinal,
    "cardinalText": _cardinal_word,
    "ordinalText": _ordinal_word,
}
