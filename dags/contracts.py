"""Show every broken contract as an import error; defines no DAG.

Airflow takes all DAGs of a file out of service when the file has one error. So the
faults are raised here, and `monitor.py` goes on with the contracts that can be read.
"""

from daywatch_rules import read_contracts

from monitoring_tasks.errors import ConfigurationError

if faults := read_contracts()[1]:
    raise ConfigurationError("\n" + "\n".join(faults))
