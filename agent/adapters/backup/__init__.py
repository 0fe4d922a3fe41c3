"""The archive of a backup: a gzipped tar whose last file is the manifest."""

from agent.adapters.backup.configuration import CONFIG_NAME, without_secrets
from agent.adapters.backup.folders import Folder, put_in_place, stage
from agent.adapters.backup.reading import ArchiveReader, verified
from agent.adapters.backup.rotation import rotate
from agent.adapters.backup.writing import ArchiveWriter, new_archive

__all__ = [
    "CONFIG_NAME",
    "ArchiveReader",
    "ArchiveWriter",
    "Folder",
    "new_archive",
    "put_in_place",
    "rotate",
    "stage",
    "verified",
    "without_secrets",
]
