"""What people decide in review.xlsx: read before a run, and brought up to date after it."""
