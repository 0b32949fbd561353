"""Submission and Scorecard in, Findings out: one function a check, and the catalogue of them all."""
