"""Trains, evaluates and exports the models that Second Reader monitors."""
