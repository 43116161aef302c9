"""What people and schedules ask for, one function a wish; nothing is printed."""
