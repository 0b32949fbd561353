"""One unit's files: whose they are, what they say, what they are worth, and what they lack."""
