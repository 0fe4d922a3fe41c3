"""JUnit XML: one test a case and scorer, for any CI server."""

import re
from xml.etree import ElementTree

from evals.report.model import CasePage, Report
from evals.results import Score, ScoreVerdict

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {
    ScoreVerdict.FAIL: "failure",
    ScoreVerdict.ERROR: "error",
    ScoreVerdict.NOT_APPLICABLE: "skipped",
}


def to_junit(report: Report) -> str:
    """Return the run as JUnit XML; what is advisory or known wrong never fails."""
    root = ElementTree.Element("testsuites", name="portevoix evals")
    for name in sorted({page.record.criterion.value for page in report.cases}):
        pages = [page for page in report.cases if page.record.criterion == name]
        tests = [_test(page, score) for page in pages for score in _scores(page)]
        suite = ElementTree.SubElement(root, "testsuite", {"name": name, **_counts(tests)})
        suite.extend(tests)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _scores(page: CasePage) -> list[tuple[str, Score]]:
    """Return each score with the suffix of its repeat."""
    is_repeated = len(page.scores) > 1
    return [
        (f"#{one.epoch}" if is_repeated else "", score)
        for one in page.scores
        for score in one.scores
    ]


def _test(page: CasePage, given: tuple[str, Score]) -> ElementTree.Element:
    suffix, score = given
    test = ElementTree.Element(
        "testcase",
        classname=f"evals.{page.record.criterion.value}",
        name=f"{page.record.id}{suffix} [{score.scorer}]",
        file=page.source,
    )
    known = page.record.known_wrong
    is_quiet = score.is_advisory or bool(known)
    element = _ELEMENTS.get(score.verdict)
    if element:
        element = "skipped" if is_quiet else element
        reason = f"known wrong ({known}): {score.reason}" if known else score.reason
        said = _NOT_XML.sub("\ufffd", reason)
        ElementTree.SubElement(test, element, message=said[:500]).text = said
    return test


def _counts(tests: list[ElementTree.Element]) -> dict[str, str]:
    found = [child.tag for test in tests for child in test]
    return {
        "tests": str(len(tests)),
        "failures": str(found.count("failure")),
        "errors": str(found.count("error")),
        "skipped": str(found.count("skipped")),
    }
