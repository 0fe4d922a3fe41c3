"""From a brand's files to FAQ entries. Vendors that read documents are imported when needed."""
