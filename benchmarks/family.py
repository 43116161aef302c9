"""CPU seconds of a process and of all it started."""

import psutil  # type: ignore[import-untyped]  # ships no types


def family_seconds(pid: int) -> float:
    """Return CPU seconds of a process since it started, ended children included.

    Args:
        pid: Of the process.

    Raises:
        psutil.NoSuchProcess: If it does not run.
    """
    process = psutil.Process(pid)
    total = 0.0
    for member in (process, *process.children(recursive=True)):
        try:
            used = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total
