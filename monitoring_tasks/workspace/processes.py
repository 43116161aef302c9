"""What a process calls itself when it takes a lease."""

import os
import socket
import threading


def process_name() -> str:
    """Name this process, as the holder of leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def release_memory() -> None:
    """Give memory that Arrow no longer uses back to the system.

    By itself it keeps what a step needed for a moment, which adds up over the steps.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    pa.default_memory_pool().release_unused()
