"""Errors of asking. Not knowing is none of them: that is an Answer with an abstention.

QuestionError              a question that cannot be asked: empty, or too long
ModelConfigurationError    a language model that cannot be set up: unknown provider, package or key missing
"""


class QuestionError(ValueError):
    """The question is empty or longer than the assistant reads."""


class ModelConfigurationError(ValueError):
    """The language model that was named cannot be set up; the message says what is missing and the remedy."""
