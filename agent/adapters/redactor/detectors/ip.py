"""IP addresses, versions 4 and 6; not the four numbers of a software version."""

import ipaddress
import re
from collections.abc import Iterator

from agent.adapters.redactor.detectors.cues import precedes
from agent.adapters.redactor.found import Found

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_V4 = re.compile(rf"(?<![\w.-]){_OCTET}(?:\.{_OCTET}){{3}}(?:/\d{{1,2}})?(?![\w-]|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:%\w+)?(?![\w:])")
_VERSION = re.compile(
    r"(?:\bv(?:ersion)?\.?|\bbuild|\bfirmware|\brelease|\bmicrologiciel|\bios|\bandroid"
    r"|\bwindows|m(?:ise )?[àa] jour|\bmàj|§|article|chapitre)[^.!?\n]{0,12}$",
    re.IGNORECASE,
)


def find_ips(text: str) -> Iterator[Found]:
    """Yield addresses of both versions, with their prefix length or zone if they carry one."""
    if text.count(".") >= 3:
        for match in _V4.finditer(text):
            if not precedes(_VERSION, text, match.start(), 26):
                yield Found(match.start(), match.end(), 0.95)
    if text.count(":") >= 2:
        for match in _V6.finditer(text):
            if _is_v6(match.group(0)):
                yield Found(match.start(), match.end(), 0.95)


def _is_v6(candidate: str) -> bool:
    # "::" alone and times such as 12:30:45 are made of the same signs.
    if sum(char.isalnum() for char in candidate) < 4:
        return False
    try:
        ipaddress.IPv6Address(candidate.partition("%")[0])
    except ValueError:
        return False
    return True
