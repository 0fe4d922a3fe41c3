"""The figures of a period in words and tables, on the page and on paper."""
