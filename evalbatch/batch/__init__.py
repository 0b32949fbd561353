"""A campaign's inbox in, all its outputs out, stage by stage; and whether they still belong together."""
