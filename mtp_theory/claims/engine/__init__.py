"""What a claim is (:mod:`.model`) and how it is put to the test (:mod:`.check`)."""
