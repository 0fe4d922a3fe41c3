"""Reading French and English text: normalising, tokens, sentences, language, quoted facts."""
