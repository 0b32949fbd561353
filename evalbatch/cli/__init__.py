"""Commands in, workbooks and messages out; no logic of its own. The only place that talks to a terminal."""
