"""May these texts become the pack? What does not load, and what the guide says against itself."""

from collections.abc import Callable, Mapping
from datetime import date

from agent.domain.base import Frozen
from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.errors import BrandPackError
from agent.domain.ids import GuidelineVersion
from agent.ports import PackShelf
from agent.services.lint import Finding, FindingSeverity, lint_pack

_REMEMBERED = 16
"""Guides whose lint is kept: it takes a second, and a person looks at the same one many times."""


class Examination(Frozen):
    """What is to be said of a pack's texts."""

    version: GuidelineVersion
    problems: tuple[Finding, ...] = ()
    """Why it does not load; such a pack is never activated."""
    findings: tuple[Finding, ...] = ()
    """What lint says of one that loads."""

    @property
    def is_loadable(self) -> bool:
        return not self.problems

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended, or overridden with a reason."""
        return tuple(f for f in self.findings if f.severity is FindingSeverity.ERROR)


class Examiner:
    """Examines texts; the lint of the last few guides is remembered by their content."""

    def __init__(
        self, shelf: PackShelf, limits_for: Callable[[str], ChannelLimits] | None = None
    ) -> None:
        self._shelf = shelf
        self._limits_for = limits_for
        self._known: dict[tuple[GuidelineVersion, date], tuple[Finding, ...]] = {}

    def problems(self, texts: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return why the texts do not load; none: they do. Takes a tenth of a second."""
        found = self._loaded(texts)
        return found if isinstance(found, tuple) else ()

    def examine(self, texts: Mapping[str, str], day: date) -> Examination:
        """Return all that is to be said, lint included."""
        version = self._shelf.version_of(texts)
        found = self._loaded(texts)
        if isinstance(found, tuple):
            return Examination(version=version, problems=found)
        key = (version, day)
        if key not in self._known:
            for old in list(self._known)[: max(0, len(self._known) - _REMEMBERED + 1)]:
                self._known.pop(old, None)
            self._known[key] = lint_pack(found, day, self._limits_for).findings
        return Examination(version=version, findings=self._known[key])

    def _loaded(self, texts: Mapping[str, str]) -> BrandPack | tuple[Finding, ...]:
        try:
            return self._shelf.parse(texts)
        except BrandPackError as error:
            return tuple(
                Finding.from_problem(FindingSeverity.ERROR, problem) for problem in error.problems
            )
