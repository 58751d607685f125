"""Memory that long work has left behind.

The C library keeps what was freed for the next time. Reading 10,000 records and comparing them for coverage left 38 MB
of 65 MB free, for good, and after twenty minutes of a refresh each the reader was 12 % bigger than after five.
"""

from __future__ import annotations


def give_back() -> None:
    """Give memory that is free back to the system, where the C library knows how (glibc); some milliseconds."""
    import ctypes  # 5 ms, and needed by nothing else

    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # another C library
        return
