"""What we know: passages, their sources, and the retriever that finds and scores them."""
