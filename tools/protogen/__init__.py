"""Turns the tables under proto/ into C++ headers, tables, vectors and reference pages."""
