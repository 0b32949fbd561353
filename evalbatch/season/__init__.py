"""A season's inputs and outputs in; the proof that they belong together, and the archive that seals them, out."""

from evalbatch.season.archive import verify_archive
from evalbatch.season.fingerprint import document_hash, file_hash, fingerprint, input_hashes
from evalbatch.season.marker import is_sealed, refuse_if_sealed
from evalbatch.season.places import REVIEW, Seen, inbox_files, input_files
from evalbatch.season.seal import close, reopen, verify_archives
from evalbatch.season.verify import Difference, verify

__all__ = [
    "REVIEW",
    "Difference",
    "Seen",
    "close",
    "document_hash",
    "file_hash",
    "fingerprint",
    "inbox_files",
    "input_files",
    "input_hashes",
    "is_sealed",
    "refuse_if_sealed",
    "reopen",
    "verify",
    "verify_archive",
    "verify_archives",
]
