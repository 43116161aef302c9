"""What a process calls itself when it takes a lease."""

import ctypes
import os
import socket
import threading


def process_name() -> str:
    """Name this process, as the holder of leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def release_memory() -> None:
    """Give memory that is no longer used back to the system.

    By themselves Arrow and the C library keep what was needed for a moment, which adds
    up over the steps.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # glibc's alone
        trim(0)
