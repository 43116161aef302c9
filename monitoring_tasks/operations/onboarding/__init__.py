"""From a table of predictions and a registry to a contract and a first verdict."""
