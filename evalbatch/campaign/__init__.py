"""A campaign folder: its settings, its roster, its approved targets, and how a new one is begun."""
