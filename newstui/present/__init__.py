"""From the model to words: rows, ages, counts, sentences, whole articles as lines. Pure: no widgets, no clock, no disk."""
