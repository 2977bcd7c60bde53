"""Find text that Word does not show: hidden directly, or by a style that hides it."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.wordtext import W

_STYLES = "word/styles.xml"
_OFF = frozenset({"0", "false", "off"})


def refuse_hidden(markup: Mapping[str, Element]) -> None:
    """Return for a file whose text is all shown, or raise `AttachmentRefusedError`.

    Word ships styles that hide; only one that is used hides anything.
    """
    hiding = set(_hiding_styles(markup))
    for name, root in markup.items():
        if name != _STYLES and (_hides(root) or not hiding.isdisjoint(_used_styles(root))):
            raise AttachmentRefusedError(Reason.HIDDEN)


def _hides(root: Element) -> bool:
    return any(one.get(f"{W}val", "true") not in _OFF for one in root.iter(f"{W}vanish"))


def _hiding_styles(markup: Mapping[str, Element]) -> Iterator[str]:
    for style in markup[_STYLES].iter(f"{W}style") if _STYLES in markup else ():
        if _hides(style):
            yield style.get(f"{W}styleId", "")


def _used_styles(root: Element) -> Iterator[str]:
    for kind in ("pStyle", "rStyle", "tblStyle"):
        for one in root.iter(f"{W}{kind}"):
            yield one.get(f"{W}val", "")
