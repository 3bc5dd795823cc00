"""How weights are found, and that those shipped were found from what is here."""

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from analytics.routes import ROUTES
from analytics.text.examples import COLUMNS, Example, examples, read_examples
from analytics.text.measurement import calibration_error, figures
from analytics.text.model import LABELS, Reading, joint, read_model
from analytics.text.training import Settings, calibrate, fingerprint, learn, train, write

KNOWN = examples()


def few() -> list[Example]:
    """Some sentences of some speakers: enough to learn from in a moment."""
    names = sorted({example.speaker for example in KNOWN if not example.held_aside})[::12]
    return [example for example in KNOWN if example.speaker in names]


def test_there_are_enough_sentences_by_enough_speakers() -> None:
    assert len(KNOWN) >= 1500
    assert len({example.speaker for example in KNOWN}) >= 60
    assert min(Counter(example.label for example in KNOWN).values()) >= 100
    assert min(Counter(example.route for example in KNOWN).values()) >= 50


def test_every_sentence_says_what_is_allowed_and_no_sentence_comes_twice() -> None:
    causes = set(read_model(files("analytics.text") / "trained").causes)
    for example in KNOWN:
        assert example.label in LABELS
        assert (example.route in ROUTES) == (example.label in {"workaround", "both"})
        assert not example.cause or example.cause in causes
        assert not (example.cause and example.label == "neither")
    assert max(Counter(example.text.casefold() for example in KNOWN).values()) == 1


def test_some_speakers_never_speak_in_training() -> None:
    aside = {example.speaker for example in KNOWN if example.held_aside}
    assert len(aside) >= 10
    assert not aside & {example.speaker for example in KNOWN if not example.held_aside}


def test_a_line_with_too_few_columns_is_refused() -> None:
    with pytest.raises(TypeError):
        read_examples(["\t".join(COLUMNS), "ana\tnurse\thello"])


def test_the_weights_shipped_were_learnt_from_the_sentences_and_code_that_are_here() -> None:
    """When this fails: `make train`."""
    about = json.loads((files("analytics.text") / "trained" / "model.json").read_text("utf-8"))
    assert about["learnt_from"] == fingerprint()


def test_learning_twice_gives_the_same_weights(tmp_path: Path) -> None:
    settings = Settings(folds=2)
    for name in ("one", "two"):
        write(learn(few(), settings), tmp_path / name, settings=settings, measured={})
    for file in ("model.json", "weights.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_training_writes_a_model_that_reads_and_tells_its_figures(tmp_path: Path) -> None:
    told: list[str] = []
    train(
        to=tmp_path,
        settings=Settings(folds=2),
        told=told.append,
        known=few()[::2] + [e for e in KNOWN if e.held_aside][:40],
    )
    model = read_model(tmp_path)
    assert model.read("we write it on paper").label in LABELS
    assert json.loads(told[0]) == model.about["figures"]


def test_a_slope_makes_scores_into_probabilities() -> None:
    scores = np.repeat([[-2.0, -2.0], [2.0, 2.0]], 100, axis=0)
    said = np.repeat([[False, False], [True, True]], 100, axis=0)
    said[:20] = True
    said[100:120] = False
    slope, shift = calibrate(scores, said)
    assert 1 / (1 + np.exp(-(slope * 2 + shift))) == pytest.approx([0.8, 0.8], abs=0.01)


def reading(label: str, *, route: str | None = None, cause: str | None = None, sure: float = 0.9) -> Reading:
    confusion = sure if label in {"confusion", "both"} else 1 - sure
    workaround = sure if label in {"workaround", "both"} else 1 - sure
    return Reading(label, joint(confusion, workaround), route, cause, ())


def test_figures_count_speakers_not_sentences() -> None:
    some = [Example("a", "nurse", "x", "confusion", "", "")] * 50 + [
        Example("b", "nurse", "y", "workaround", "paper", "")
    ]
    heard = [reading("confusion")] * 50 + [reading("neither")]
    found = figures(some, heard, seed=1)
    assert found["confusion"]["f1"] == [1.0, 1.0, 1.0]
    assert found["workaround"]["recall"] == [0.0, 0.0, 0.0]
    assert found["workaround"]["precision"] == [None, None, None]
    assert found["label"][0] == pytest.approx(0.98, abs=0.001)
    assert found["label"][1] == 0.0
    assert found["read_as"]["workaround"]["neither"] == 1


def test_figures_of_nothing_are_none() -> None:
    assert figures([], [], seed=1)["label"] == [None, None, None]


def test_sureness_is_well_calibrated_when_it_is_as_often_right() -> None:
    said = np.array([True] * 9 + [False])
    assert calibration_error(said, np.full(10, 0.9)) == pytest.approx(0)
    assert calibration_error(said, np.full(10, 0.5)) == pytest.approx(0.4)
