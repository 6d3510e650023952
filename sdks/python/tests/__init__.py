"""The suite: `python -m unittest discover -t . -s tests`, with `src` on the path."""
