"""Everything that lies on a disk: locks, hashes, the cache, the append-only journal, outputs that appear together."""
