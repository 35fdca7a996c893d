"""Errors of asking. Not knowing is none of them: that is an Answer with an abstention.

QuestionError    a question that cannot be asked: empty, or too long
"""


class QuestionError(ValueError):
    """The question is empty or longer than the assistant reads."""
