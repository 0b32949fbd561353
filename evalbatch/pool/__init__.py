"""Workers that can be killed: processes of this machine, or those of a Dask cluster."""
