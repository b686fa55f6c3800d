"""The Jupyter Server extension: the trail over REST, as ``schema/api.json`` describes it. Needs no kernel."""
