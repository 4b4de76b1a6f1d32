"""Usage tests of the ready-made Python module, which the vectors do not cover.

    PYTHONPATH=schemas/python python -m unittest conformance/ready-made/test_python.py

This file must pass `mypy --strict`. Code that must not type-check has a `type: ignore` comment.
"""

import json
import pickle
import unittest
from typing import Any, get_args

from callagent import Agent, Gap, LlmModel, SettingsUpdate, TtsUpdate, UpdateAgent, Violation, violations
from pydantic import BaseModel, SecretStr, ValidationError


class Sent(unittest.TestCase):
    """Requests."""

    def test_nothing_is_inserted(self) -> None:
        update = UpdateAgent(llmModel="gpt-5", ttsModel=TtsUpdate(provider="rime"), settings=SettingsUpdate(speed=1))
        sent = {"llmModel": "gpt-5", "ttsModel": {"provider": "rime"}, "settings": {"speed": 1}}
        self.assertEqual(json.loads(update.to_json()), sent)
        self.assertEqual(update.model_dump(), sent)
        self.assertEqual(json.loads(update.model_dump_json()), sent)

    def test_nothing_is_inserted_in_another_model(self) -> None:
        class Envelope(BaseModel):
            update: UpdateAgent

        envelope = Envelope(update=UpdateAgent(llmModel="gpt-5"))
        self.assertEqual(envelope.model_dump(), {"update": {"llmModel": "gpt-5"}})

    def test_a_gap_is_sent_whole(self) -> None:
        update = UpdateAgent(llmModel="gpt-5", gapBetweenEachAttemptForSmartCallback=[Gap(), Gap(days=2, hours=12)])
        gaps = [{"days": 1, "hours": 0}, {"days": 2, "hours": 12}]
        self.assertEqual(update.model_dump()["gapBetweenEachAttemptForSmartCallback"], gaps)

    def test_null_removes_a_key_and_absence_keeps_it(self) -> None:
        removed, kept = TtsUpdate(provider="rime", elevenLabsApiKey=None), TtsUpdate(provider="rime")
        self.assertEqual(removed.to_json(), '{"provider":"rime","elevenLabsApiKey":null}')
        self.assertEqual(kept.to_json(), '{"provider":"rime"}')
        for same in (removed.model_copy(), pickle.loads(pickle.dumps(removed))):
            self.assertEqual(same.to_json(), removed.to_json())

    def test_custom_settings(self) -> None:
        settings = SettingsUpdate.model_validate({"speed": 0.5, "mood": {"calm": None}})
        self.assertEqual(settings.model_extra, {"mood": {"calm": None}})
        self.assertEqual(settings.model_dump(), {"speed": 0.5, "mood": {"calm": None}})

    def test_instances_are_valid(self) -> None:
        update = UpdateAgent(llmModel="gpt-5")
        with self.assertRaises(ValidationError):
            update.llmModel = "gpt-4.1"
        with self.assertRaises(ValidationError):
            UpdateAgent(llmModel="gpt-6")  # type: ignore[arg-type]
        with self.assertRaises(ValidationError):
            UpdateAgent(llmModel="gpt-5", name=None)
        with self.assertRaises(ValidationError):
            UpdateAgent(llmModel="gpt-5", phoneNumberIds=("p1",))  # type: ignore[arg-type]
        with self.assertRaises(ValidationError):
            SettingsUpdate.model_validate({"mood": float("nan"), "when": object()})


class Received(unittest.TestCase):
    """Responses."""

    def test_undocumented_fields_and_values_are_kept(self) -> None:
        text = '{"_id":"a1","llmModel":"a-newer-model","team":{"name":null},"ttsModel":{"provider":"new","pitch":2}}'
        agent = Agent.model_validate_json(text)
        self.assertEqual((agent.id, agent.llmModel, agent.model_extra), ("a1", "a-newer-model", {"team": {"name": None}}))
        self.assertEqual(json.loads(agent.to_json()), json.loads(text))
        self.assertNotIn(agent.llmModel, get_args(LlmModel))

    def test_null_is_read_as_absent(self) -> None:
        agent = Agent.model_validate_json('{"name": null, "ttsModel": {"voiceId": null}, "extra": null}')
        self.assertEqual(agent.to_json(), '{"ttsModel":{},"extra":null}')


class Errors(unittest.TestCase):
    """Errors about invalid documents."""

    def found(self, document: Any) -> list[Violation]:
        with self.assertRaises(ValidationError) as raised:
            UpdateAgent.model_validate(document)
        return violations(raised.exception)

    def test_all_violations_with_their_pointers(self) -> None:
        gaps = [{}, {"days": 31, "a/b~c": 0}]
        found = self.found({"ttsModel": {"provider": "11labs_byo"}, "gapBetweenEachAttemptForSmartCallback": gaps})
        self.assertEqual(
            {(violation.code, violation.pointer) for violation in found},
            {
                ("missing-field", "/llmModel"),
                ("missing-field", "/ttsModel/elevenLabsApiKey"),
                ("out-of-range", "/gapBetweenEachAttemptForSmartCallback/1/days"),
                ("unknown-field", "/gapBetweenEachAttemptForSmartCallback/1/a~1b~0c"),
            },
        )

    def test_malformed_text(self) -> None:
        with self.assertRaises(ValidationError) as raised:
            UpdateAgent.model_validate_json("{")
        self.assertEqual([violation[:2] for violation in violations(raised.exception)], [("malformed", "")])


class Secrets(unittest.TestCase):
    """No text for people shows a key."""

    def test_models(self) -> None:
        voice = TtsUpdate(provider="11labs_byo", elevenLabsApiKey=SecretStr("sk-1234"))
        update = UpdateAgent(llmModel="gpt-5", ttsModel=voice)
        agent = Agent.model_validate({"ttsModel": {"elevenLabsApiKey": "sk-1234"}})
        for model in (voice, update, agent):
            for shown in (repr(model), str(model), f"{model}"):
                self.assertNotIn("sk-1234", shown)
            self.assertIn("sk-1234", model.to_json())

    def test_errors(self) -> None:
        for voice in ({"elevenLabsApiKey": "sk-1234"}, {"provider": "rime", "elevenLabsApiKey": ["sk-1234"]}):
            with self.assertRaises(ValidationError) as raised:
                UpdateAgent.model_validate({"llmModel": "gpt-5", "ttsModel": voice})
            for shown in (str(raised.exception), repr(raised.exception), str(violations(raised.exception))):
                self.assertNotIn("sk-1234", shown)


class Described(unittest.TestCase):
    """The JSON Schemas of the models, as web frameworks publish them."""

    def test_no_null_and_no_default_that_clients_would_send(self) -> None:
        for described in (
            UpdateAgent.model_json_schema(mode="validation"),
            UpdateAgent.model_json_schema(mode="serialization"),
        ):
            text = json.dumps(described)
            self.assertNotIn('"default": null', text)
            self.assertEqual(text.count('"null"'), 1, "only the key accepts null")


if __name__ == "__main__":
    unittest.main()
