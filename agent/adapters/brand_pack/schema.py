"""The JSON Schema of `brand.yaml`, for editors that complete and check YAML."""

from typing import Any

from agent.domain.brand import Brand

SCHEMA_FILE = "brand.schema.json"


def brand_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `brand.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Brand.model_json_schema(by_alias=True),
        "title": "brand.yaml of a Portevoix brand pack",
    }
