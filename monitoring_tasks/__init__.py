"""Daywatch: daily monitoring and incident response for batch-scoring models.

extract -> validate -> estimate -> compare -> decide -> respond -> learn

The same seven words name the Airflow tasks (`dags/monitor.py`), the functions
of `monitoring_tasks.daily` and the packages of this folder.
"""

__version__ = "0.1.0"
