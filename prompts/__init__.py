"""What we say to models: prompt files and their strict loader."""
