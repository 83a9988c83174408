"""Links that a person decides: the queue, the question, the answers; applies none of them itself."""
