// Placeholder until the verbs are here.
