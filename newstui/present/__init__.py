"""From the model to words: rows, ages, counts, sentences, articles as lines. Pure: no widgets, no clock, no disk."""
