"""A season's inputs and outputs in; the proof that they belong together, and the archive that seals them, out."""

from evalbatch.hashes import document_hash, file_hash
from evalbatch.season.archive import verify_archive
from evalbatch.season.fingerprint import fingerprint, input_hashes
from evalbatch.season.marker import MARKER, is_sealed, refuse_if_sealed
from evalbatch.season.places import INPUTS, REVIEW, Seen, inbox_files, input_files
from evalbatch.season.seal import close, reopen, verify_archives
from evalbatch.season.verify import Difference, verify

__all__ = [
    "INPUTS",
    "MARKER",
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
