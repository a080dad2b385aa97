"""How things go wrong, and how progress is told."""
import sys


class Trouble(Exception):
    """Something that the person who runs this has to know; without a stack trace."""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)
