"""Targets and actuals as people write them, understood as conditions and judged."""
