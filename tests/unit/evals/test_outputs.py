"""What is kept of a run: a model's private text says nobody's data again."""

import pytest

from agent.domain.drafts import Draft
from agent.domain.ids import GuidelineVersion, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.redaction import Redaction
from agent.testing import ScriptedPipeline
from evals.outputs import observed_of

VALUES = {"[ORDER_ID_1]": "V26-104417"}


def outcome(draft: Draft) -> Outcome:
    message = InboundMessage(id=MessageId("m"), text="Où est V26-104417 ?")
    found = Redaction(text="Où est [ORDER_ID_1] ?", values=VALUES)
    base = ScriptedPipeline().run(message)
    version = GuidelineVersion("a" * 64)
    return base.model_copy(
        update={"draft": draft, "redaction": found, "guideline_version": version}
    )


def test_a_models_private_text_is_kept_masked_and_is_no_leak() -> None:
    draft = Draft(private="V26-104417 part demain.", drafter="llm:m")
    found = observed_of(outcome(draft), "")
    assert found.draft.private == "[ORDER_ID_1] part demain."
    assert not found.is_leaking


@pytest.mark.parametrize("drafter", ["llm:m", "extractive"])
def test_a_value_said_in_public_is_a_leak(drafter: str) -> None:
    draft = Draft(public="V26-104417 part demain.", drafter=drafter)
    assert observed_of(outcome(draft), "").is_leaking
