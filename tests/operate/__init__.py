"""The guide for operators, tried: its commands are the ones that are run."""
