"""Results as long tables of one schema, their data dictionary, CSV, Parquet and run.json."""
