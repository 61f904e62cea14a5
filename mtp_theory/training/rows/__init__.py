"""The rows of a problem: how they are held, added and read."""
