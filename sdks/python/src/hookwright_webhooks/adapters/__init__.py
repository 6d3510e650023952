"""Thin views for web frameworks, one module for each. None imports its framework before it is used."""
