"""How the C library hands memory to a process of many threads."""

import ctypes
import os

_M_ARENA_MAX = -8
"""`malloc.h`."""
_ARENAS = 2


def share_memory() -> bool:
    """Let all threads of this process take memory from the same places; call it before they start.

    glibc gives a thread a place of its own, up to eight a processor, and what one thread frees no
    other can use: a worker has some fifty threads that take turns, and its places went on filling
    with holes, 20 MB of them after 5,000 messages instead of 5. False: nothing was done, since
    the C library is another one, or whoever runs it has said how many (`MALLOC_ARENA_MAX`).
    """
    if "MALLOC_ARENA_MAX" in os.environ or os.name != "posix":
        return False
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    return bool(libc.mallopt(_M_ARENA_MAX, _ARENAS))
