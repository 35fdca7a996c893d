"""`python -m eval speed`: what starting, asking and ingesting cost, beside what people would use instead."""
