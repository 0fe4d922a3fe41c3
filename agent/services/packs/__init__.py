"""The brand lead's work: proposals to change a pack, their examination, their activation."""

from agent.services.packs.diffing import DiffLine, LineKind, line_diff
from agent.services.packs.examining import Examination, Examiner
from agent.services.packs.importing import Imported, import_documents
from agent.services.packs.proposing import ProposalService
from agent.services.packs.service import PackService

__all__ = [
    "DiffLine",
    "Examination",
    "Examiner",
    "Imported",
    "LineKind",
    "PackService",
    "ProposalService",
    "import_documents",
    "line_diff",
]
