"""Newton's method for losses with a second derivative."""
