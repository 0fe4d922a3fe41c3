"""From a brand's documents to FAQ entries. What reads a vendor format is imported when needed."""

from knowledge.problems import Problem
from knowledge.sources.read import read_source, read_sources
from knowledge.sources.report import SourceReport
from knowledge.sources.write import WriteReport, write_faq

__all__ = ["Problem", "SourceReport", "WriteReport", "read_source", "read_sources", "write_faq"]
