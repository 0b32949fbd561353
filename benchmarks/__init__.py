"""How fast evalbatch is, against a floor and against a plain script: `python -m benchmarks --sizes 50,300`."""
