"""The identity provider as Streamlit's `st.login` wants to hear of it: in memory, never on disk."""

from typing import Any

from agent.settings import Settings

NAME = "provider"
"""Streamlit's name for the one provider; it allows no underscore."""
DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"


def provider_secrets(settings: Settings, cookie_secret: str, own_url: str) -> dict[str, Any] | None:
    """Return the `[auth]` section of Streamlit's secrets, or None: no provider is set."""
    oidc = settings.sign_in.oidc
    if oidc is None:
        return None
    return {
        "auth": {
            "redirect_uri": own_url + CALLBACK,
            "cookie_secret": cookie_secret,
            NAME: {
                "client_id": oidc.client_id,
                "client_secret": oidc.client_secret.get_secret_value(),
                "server_metadata_url": oidc.issuer.rstrip("/") + DISCOVERY,
                "client_kwargs": {"scope": " ".join(oidc.scopes)},
            },
        }
    }
