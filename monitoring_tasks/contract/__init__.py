"""What `monitor.yaml` may say of a model; pure."""
