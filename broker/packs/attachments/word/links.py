"""Where links lead, in words, if that is not what they say."""

import re

from broker.packs.attachments.remarks import WordRemark

_FOLLOWED = ("http://", "https://", "ftp://", "mailto:", "tel:", "callto:", "sms:", "news:")
_SAME = ("http://", "https://", "ftp://", "mailto:", "tel:", "callto:", "sms:", "www.")
_CALLS = ("tel:", "callto:", "sms:")
_NATIONAL = 9  # the digits of a number in the United Kingdom that do not depend on how it begins
_NOT_A_DIGIT = re.compile(r"\D")


def link_words(target: str, words: str) -> tuple[str, WordRemark | None]:
    """Return what to say behind a link of those words, "" where they say it themselves.

    With it comes the remark for what stays behind, if anything does.
    """
    address = "".join(target.split())
    if not address or address.startswith("#"):
        return "", None
    if not address.lower().startswith(_FOLLOWED):
        return " [link to a file that stays behind]", WordRemark.LINKED_FILE
    if _same(address, words):
        return "", None
    return f" [link: {address}]", None


def _same(address: str, words: str) -> bool:
    if address.lower().startswith(_CALLS):
        digits = _NOT_A_DIGIT.sub("", address)[-_NATIONAL:]
        return bool(digits) and digits == _NOT_A_DIGIT.sub("", words)[-_NATIONAL:]
    return _bare(address) == _bare(words)


def _bare(text: str) -> str:
    bare = "".join(text.split()).lower()
    for start in _SAME:
        bare = bare.removeprefix(start)
    return bare.rstrip("/.")
