"""Frames of the firehose: DAG-CBOR, with the records that changed in a CAR file.

What a frame holds was written by strangers: nothing in it is taken to be of the right type.
Source: AT Protocol, « Event Stream », « Data Model » and « Repository »; the lexicon
com.atproto.sync.subscribeRepos.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from agent.adapters.channels.bluesky.server import POSTS, Record

_PATH = re.compile(rf"{re.escape(POSTS)}/[A-Za-z0-9._:~-]{{1,512}}")
_DID = r"did:[a-z]+:[A-Za-z0-9._:%-]{1,512}"
_URI = re.compile(rf"at://{_DID}/{_PATH.pattern}")
_DEPTH = 64
_LINK = 42
"""The one tag of DAG-CBOR: a CID, after a zero byte."""
_CID = b"\x01\x71\x12\x20"
"""Version 1, DAG-CBOR, SHA-256 of 32 bytes: the only form that a repository has."""
_CID_LENGTH = 36
_TEXT_BYTES = 3_000
"""Of a post, as its lexicon says; a longer one is shown by nobody."""
_SEQUENCE_END = 2**63


class Malformed(Exception):
    """A frame is not as documented."""


@dataclass(frozen=True)
class Frame:
    """One frame; only a commit's body is looked into."""

    kind: str
    """`#commit`, `#info` and others as the lexicon names them; empty: an error."""
    body: dict[str, Any]
    sequence: int | None

    @property
    def said(self) -> str:
        """The name of what an error or an information says."""
        return str(self.body.get("name" if self.kind else "error"))[:60]


@dataclass(frozen=True)
class Change:
    """A post of somebody else's that was written or changed and concerns the account, or is gone.

    Gone is any post that was deleted, or changed so that it no longer concerns the account:
    whether it ever did is not in the frame.
    """

    uri: str
    author: str
    """Its DID."""
    at: datetime
    record: Record | None
    """None: gone."""


def read_frame(data: bytes) -> Frame:
    """Return what a frame says.

    Raises:
        Malformed: it says nothing.
    """
    header, body = _decoded(data, 2)
    if not isinstance(header, dict) or not isinstance(body, dict):
        raise Malformed("no maps")
    kind = header.get("t", "")
    sequence = body.get("seq")
    if not isinstance(kind, str) or (header.get("op") != 1 and kind):
        raise Malformed("no kind")
    is_number = isinstance(sequence, int) and 0 <= sequence < _SEQUENCE_END
    return Frame(kind, body, sequence if is_number else None)


def changes_of(body: dict[str, Any], did: str) -> list[Change]:
    """Return what a commit changes for account `did`: nothing, if the commit is its own.

    Raises:
        Malformed: the commit cannot be read, or leaves its records out.
    """
    try:
        author, at = body["repo"], datetime.fromisoformat(body["time"])
        if at.tzinfo is None or re.fullmatch(_DID, author) is None:
            raise Malformed("no time, or no account")
        if body.get("tooBig"):
            raise Malformed("its records are left out")
        return [] if author == did else list(_changes(body, did, author, at))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(type(error).__name__) from None


def _changes(body: dict[str, Any], did: str, author: str, at: datetime) -> Iterator[Change]:
    car = body["blocks"]
    # Nothing in the bytes names the account: none of thousands of frames need be taken apart.
    blocks = _blocks(car) if did.encode() in car else {}
    for change in body["ops"]:
        if _PATH.fullmatch(change["path"]) is None:
            continue
        record = _record(blocks, change["cid"]) if blocks and change["cid"] else None
        if record is not None and not _concerns(record, did):
            record = None
        if record is not None or change["action"] != "create":
            yield Change(f"at://{author}/{change['path']}", author, at, record)


def _concerns(record: Record, did: str) -> bool:
    """Whether a record is a post that mentions, answers or quotes the account."""
    text = record.get("text")
    is_post = record.get("$type") == POSTS and isinstance(text, str)
    if not is_post or len(str(text).encode()) > _TEXT_BYTES:
        return False
    above = (
        within(record, "reply", "parent", "uri"),
        within(record, "reply", "root", "uri"),
        within(record, "embed", "record", "uri"),
        within(record, "embed", "record", "record", "uri"),
    )
    return did in _mentioned(record) or any(
        isinstance(uri, str) and uri.startswith(f"at://{did}/") for uri in above
    )


def _mentioned(record: Record) -> list[Any]:
    return [
        within(feature, "did")
        for facet in _listed(record.get("facets"))
        for feature in _listed(within(facet, "features"))
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def within(value: Any, *names: str) -> Any:
    """Return what is found below `value` by these names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def is_post(uri: str) -> bool:
    """Whether this is the address of a post: a server refuses a whole list for one that is not."""
    return _URI.fullmatch(uri) is not None


def _record(blocks: dict[bytes, bytes], link: Any) -> Record:
    if link.tag != _LINK or link.value[:1] != b"\0":
        raise Malformed("no link")
    name = bytes(link.value[1:])
    block = blocks[name]
    if name != _CID + hashlib.sha256(block).digest():
        raise Malformed("a block is not what its link says")
    (record,) = _decoded(block, 1)
    if not isinstance(record, dict):
        raise Malformed("no record")
    return record


def _blocks(car: bytes) -> dict[bytes, bytes]:
    """Return the blocks of a CAR file by their CID."""
    length, place = _number(car, 0)
    place += length
    found: dict[bytes, bytes] = {}
    while place < len(car):
        length, place = _number(car, place)
        end = place + length
        if length < _CID_LENGTH or end > len(car):
            raise Malformed("a block is cut off")
        found[car[place : place + _CID_LENGTH]] = car[place + _CID_LENGTH : end]
        place = end
    return found


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and the place after it."""
    number = 0
    for shift in range(0, 63, 7):
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
    raise Malformed("a length without end")


def _decoded(data: bytes, count: int) -> list[Any]:
    from cbor2 import CBORDecoder

    decoder = CBORDecoder(
        BytesIO(data), max_depth=_DEPTH, allow_indefinite=False, strict_hashable_types=True
    )
    try:
        return [decoder.decode() for _ in range(count)]
    except Exception as error:
        # Bytes of a stranger's: whatever they make the decoder raise, they are no frame.
        raise Malformed(type(error).__name__) from None
