"""What came out of one document: its entries, and all that did not become one."""

from dataclasses import dataclass

from knowledge.passages import Passage
from knowledge.problems import Problem


@dataclass(frozen=True)
class SourceReport:
    """One document as read. Every part of it is an entry or is named in one of the lists."""

    path: str
    entries: tuple[Passage, ...] = ()
    errors: tuple[Problem, ...] = ()
    """Parts that could not be read; the rest went on."""
    empties: tuple[Problem, ...] = ()
    """Questions without answer, answers without question, pages without text."""
    skipped: tuple[Problem, ...] = ()
    """Parts passed over on purpose: menus, doubles, columns we have no use for."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should look at: errors, then empties."""
        return (*self.errors, *self.empties)

    def summary(self) -> str:
        """Return one line for the terminal."""
        counts = (
            (len(self.entries), "entry", "entries"),
            (len(self.empties), "empty", "empty"),
            (len(self.errors), "error", "errors"),
            (len(self.skipped), "skipped", "skipped"),
        )
        said = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n or one == "entry"]
        return f"{self.path}: {', '.join(said)}"
