"""Readers: the bytes of one file to drafts of documents. They run in a worker process (`ingest.worker`)."""
