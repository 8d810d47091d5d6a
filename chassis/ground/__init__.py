"""What everything stands on: settings, logs, metrics, traces, bells."""
