"""Files to documents to chunks to an index; imports none of the other packages but the corpus's data."""
