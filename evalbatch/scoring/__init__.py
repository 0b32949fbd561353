"""A Submission and a scheme in, a Scorecard out."""
