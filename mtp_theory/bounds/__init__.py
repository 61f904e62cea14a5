"""How many points: :mod:`.target` for a model, :mod:`.closeness` for models near it, :mod:`.goal` for other goals."""
