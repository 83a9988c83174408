"""Measurements, and the invented borough that they measure on; never imported by the product's own rooms."""
