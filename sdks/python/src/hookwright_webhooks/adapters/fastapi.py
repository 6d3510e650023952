"""FastAPI is a Starlette: this is `adapters.starlette` under the name under which one looks for it."""

from .starlette import endpoint, verified

__all__ = ["endpoint", "verified"]
