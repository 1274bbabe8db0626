"""Trains an encoder for the package; the product itself never imports this."""
