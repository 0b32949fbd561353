"""What the record knows of earlier runs: submissions, findings, and what became of them."""
