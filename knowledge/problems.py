"""One thing wrong in a file a brand owns: where, what, and the mend."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A problem in a source file. It quotes keys and ids of the brand, never a customer's words."""

    file: str
    """The path as the reader knows it: relative to the pack, or as given."""
    line: int | None
    """1 for the first line; None: the whole file."""
    what: str
    mend: str = ""

    @property
    def where(self) -> str:
        """`file:line`, or the file alone."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.mend})" if self.mend else "")
