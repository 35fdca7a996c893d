"""Is the assistant as good as it says? Question sets, metrics, reports."""
