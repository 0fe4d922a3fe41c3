"""`portevoix train …`: what ships as weights, trained again from labelled data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    training = typer.Typer(help="Train what ships as weights, from labelled data.")
    training.command("ranker")(train_ranker)
    training.command("triage")(train_triage)
    app.add_typer(training, name="train", rich_help_panel="Brand")


def train_ranker(
    data: Annotated[
        Path, typer.Option(envvar="PORTEVOIX_DATA", help="Folder of the labelled data sets.")
    ] = Path("../shared/data"),
    out: Annotated[
        Path | None, typer.Option(help="Weights file to write; default: the shipped one.")
    ] = None,
) -> None:
    """Train the ranker and its calibrated answerability on the development splits."""
    from agent.domain.errors import ConfigurationError
    from knowledge.model import WeightsError
    from knowledge.training import train_ranker as train
    from knowledge.training.data import DataError

    try:
        record = train(data, out)
    except (DataError, WeightsError) as error:
        raise ConfigurationError(str(error)) from None
    typer.echo(record.summary())


def train_triage(
    data: Annotated[Path, typer.Option(help="Folder of labelled messages (JSONL).")],
    out: Annotated[Path, typer.Option(help="Weights file to write.")],
) -> None:
    """Train the small triage classifier on the development split."""
    from agent.steps.triage.training import train

    for figure, value in train(data, out)._asdict().items():
        typer.echo(f"{figure}: {dict(value) if isinstance(value, Mapping) else value}")
