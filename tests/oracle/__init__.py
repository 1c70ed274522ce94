"""Slow, obvious Python twins of the C++ core. Tests hold the two equal."""
