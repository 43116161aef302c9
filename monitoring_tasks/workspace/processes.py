"""What a process calls itself when it takes a lease."""

import os
import socket
import threading


def process_name() -> str:
    """Name this process, as the holder of leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
