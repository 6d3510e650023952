"""What every contract shares: hand-written, and known to no contract by name."""
