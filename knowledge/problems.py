"""One thing wrong in a file a brand owns: where, what, and the mend; a code for other languages."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple, Self

Value = str | int | date
Values = tuple[tuple[str, Value], ...]
"""What fills the blanks of a wording, by name: a tuple, so that who carries it can be hashed."""


class Remark(NamedTuple):
    """What is wrong and the mend, in English, and what another language needs to say the same."""

    code: str
    values: Values
    what: str
    mend: str


class Wording(Enum):
    """A closed list of what may be wrong: each member has its English texts with `{blanks}`.

    The name in lower case is the code, by which a desk finds its own words. A list of its own
    is a subclass; no code is in two of them.
    """

    @property
    def texts(self) -> tuple[str, str]:
        """What is wrong and the mend, with their blanks."""
        what, mend = self.value
        return what, mend

    @property
    def code(self) -> str:
        """The stable name of this problem, for programs and catalogues."""
        return self.name.lower()

    def filled(self, **values: Value) -> Remark:
        """Return the remark with its blanks filled; a value more than the blanks is allowed."""
        what, mend = (text.format(**values) for text in self.texts)
        return Remark(self.code, tuple(values.items()), what, mend)


class Refusal(ValueError):
    """A value that a schema refuses; its wording has a blank `{name}` for where the value is."""

    def __init__(self, wording: Wording, /, **values: Value) -> None:
        self.wording = wording
        self.values = values
        super().__init__(wording.texts[0].removeprefix("`{name}`: ").format(**values))


@dataclass(frozen=True, order=True)
class Problem:
    """A problem in a source file. It quotes keys and ids of the brand, never a customer's words."""

    file: str
    """The path as the reader knows it: relative to the pack, or as given."""
    line: int | None
    """1 for the first line; None: the whole file."""
    what: str
    mend: str = ""
    code: str = field(default="", compare=False)
    """Empty: these words are all there is."""
    values: Values = field(default=(), compare=False)

    @classmethod
    def told(cls, file: str, line: int | None, wording: Wording, /, **values: Value) -> Self:
        """Return the problem of this kind at a place."""
        return cls.of(file, line, wording.filled(**values))

    @classmethod
    def of(cls, file: str, line: int | None, remark: Remark) -> Self:
        """Return what a remark says, at a place."""
        return cls(file, line, remark.what, remark.mend, remark.code, remark.values)

    @property
    def where(self) -> str:
        """`file:line`, or the file alone."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.mend})" if self.mend else "")
