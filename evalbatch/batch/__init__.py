"""A campaign's inbox in, all its outputs out: the way of a folder, stage by stage."""

from evalbatch.batch.judging import Judged, collect, judge_inbox, read_inbox
from evalbatch.batch.remembered import Memory
from evalbatch.batch.run import Outcome, run_batch
from evalbatch.batch.tasks import Progress

__all__ = ["Judged", "Memory", "Outcome", "Progress", "collect", "judge_inbox", "read_inbox", "run_batch"]
