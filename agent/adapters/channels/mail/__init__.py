"""The e-mail channel: IMAP in, SMTP out."""

from agent.adapters.channels.mail.channel import EmailChannel

__all__ = ["EmailChannel"]
