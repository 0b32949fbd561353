"""A new set of output files in; it replaces the old one together, or not at all."""

from evalbatch.publish.places import PLAN, STAGING, SUFFIX, second_name
from evalbatch.publish.staging import Staging, settle

__all__ = ["PLAN", "STAGING", "SUFFIX", "Staging", "second_name", "settle"]
