"""Commands that go on from a finished training, as its page and `aeexp show` name them."""


def next_steps(run_id: str, epochs: int) -> dict[str, str]:
    """The commands, each with what it is for.

    Args:
        epochs: that were trained.
    """
    run = f"run={run_id[:8]}"
    return {
        f"aeexp predict {run} images='photos/*.png' output=restored": "restore your own images",
        f"aeexp evaluate {run} corruption=noise": "evaluate it under another corruption or on other data",
        f"aeexp resume {run} trainer.epochs={2 * epochs}": "train it for longer",
        f"aeexp reproduce {run}": "train it again and compare every number",
    }
