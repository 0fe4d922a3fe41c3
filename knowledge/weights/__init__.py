"""The shipped weights of the ranker and of answerability, as readable JSON."""
