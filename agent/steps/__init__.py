"""The steps of the flow, one file or folder each, one public entry each; none imports another."""
