"""What the pages share: the open workspace, who is signed in, the language, the screen's state."""
