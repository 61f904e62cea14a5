"""What a claim is (:mod:`.model`), and the figures that its sentence on data names (:mod:`.figures`)."""
