"""One file a kind of personal data: a plain function from a text to what it finds there."""
