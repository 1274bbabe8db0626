"""Trains the encoder that the package ships; the product itself never imports this."""
