"""Readers, one module a family of file forms: bytes in, Stories out."""
