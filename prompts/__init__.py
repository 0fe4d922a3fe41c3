"""What we say to models: prompt files, their strict loader and their lock."""
