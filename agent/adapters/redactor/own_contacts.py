"""What is the brand's own, and therefore nobody's personal data."""

import re
from collections.abc import Iterable

from agent.adapters.redactor.compact import Compact, compacted
from agent.domain.redaction import PersonalDataSpan, PersonalDataType

_FRENCH_PHONE = re.compile(r"^(?:0033|33|0)([1-9]\d{8})$")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gouv", "gov", "asso", "ac"})
_DOMAIN_TYPES = frozenset({PersonalDataType.URL_PERSONAL.value})
_NAME_TYPES = frozenset({PersonalDataType.PERSON.value, PersonalDataType.HANDLE.value})


class OwnContacts:
    """Tells the brand's public contacts and names from a customer's."""

    def __init__(self, contacts: Iterable[str], names: Iterable[str]) -> None:
        """Take `contacts` (e-mails, phones, links, handles) as written, and the brand's names."""
        listed = tuple(contacts)
        self._names = frozenset(filter(None, map(compacted, names)))
        self._values = frozenset(form for one in listed for form in _forms(one))
        hosts = (_HOST.match(one.rpartition("@")[2] if "@" in one else one) for one in listed)
        self._hosts = tuple(match.group(1).casefold() for match in hosts if match)

    def without_own(
        self, reading: Compact, spans: list[PersonalDataSpan]
    ) -> list[PersonalDataSpan]:
        """Return the spans that are not the brand's own."""
        if not spans or not (self._names or self._values):
            return spans
        own = [place for value in self._values for place in reading.occurrences(value)]
        return [span for span in spans if not self._is_own(reading.message, span, own)]

    def _is_own(self, message: str, span: PersonalDataSpan, own: list[tuple[int, int]]) -> bool:
        if any(start <= span.start + 1 and span.end - 1 <= end for start, end in own):
            return True
        value = message[span.start : span.end]
        if span.type in _NAME_TYPES:
            return compacted(value) in self._names
        return span.type in _DOMAIN_TYPES and self._is_own_host(value)

    def _is_own_host(self, value: str) -> bool:
        match = _HOST.match(value)
        if match is None:
            return False
        host = match.group(1).casefold()
        if any(host == own or host.endswith(f".{own}") for own in self._hosts):
            return True
        return compacted(_registered(host)) in self._names


def _registered(host: str) -> str:
    """Return the label that its owner registered: "maisonbrume" in shop.maisonbrume.co.uk."""
    labels = host.split(".")
    has_second_level = len(labels) > 2 and labels[-2] in _SECOND_LEVELS
    return labels[-3 if has_second_level else -2]


def _forms(contact: str) -> Iterable[str]:
    """Yield the compact forms under which a contact may be written."""
    value = compacted(contact)
    yield value
    phone = _FRENCH_PHONE.match(value)
    if phone:
        yield from (f"0{phone.group(1)}", f"33{phone.group(1)}", f"0033{phone.group(1)}")
        yield f"330{phone.group(1)}"
