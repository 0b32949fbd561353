"""What the last run found in, one message a unit out: previewed as files, sent once and on record."""
