"""What the last run found in, one message a unit out: previewed as files, sent once and on record.

The door: Mailing.of gathers everyone's letter, preview writes them to output/mail/, due says which are to be sent,
send sends them. trouble puts into words what goes wrong with a mail server.
"""

from evalbatch.mail.mailing import Due, Mailing, Report
from evalbatch.mail.troubles import trouble
from evalbatch.mail.wording import PLACEHOLDERS, Kind

__all__ = ["PLACEHOLDERS", "Due", "Kind", "Mailing", "Report", "trouble"]
