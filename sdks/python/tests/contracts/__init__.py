"""Small contracts of every mode, as the generator writes them."""
