"""The desk as a server: safe flags, the sign-in door, the process and its health."""
