"""What statements are put to the test with: numbers of instances, one file for each kind."""
