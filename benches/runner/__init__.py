"""Runs Doorward and its baselines in turn and tells the ratios; scripts/bench is its command."""
