"""Promises that hold on every page: what it may load, what a browser keeps, and that nothing sent to it breaks it."""
