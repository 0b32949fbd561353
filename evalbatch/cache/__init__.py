"""What was made once, kept by what it was made from; losing it costs time only.

The door: Cache keeps bytes under keys, key_of makes a key.
"""

from evalbatch.cache.store import Cache, key_of

__all__ = ["Cache", "key_of"]
