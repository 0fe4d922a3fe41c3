"""Reading and writing the line files of the command line and the file channel."""
