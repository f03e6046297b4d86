"""A running training -> events: how far it is, about every second."""

import time
from collections.abc import Callable

import keras

PROGRESS_EVERY = 1.0  # s

Event = dict[str, object]
Report = Callable[[Event], None]


class Progress(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports about every second how far the training is."""

    def __init__(self, report: Report, epochs: int, steps: int) -> None:
        super().__init__()
        self._report, self._epochs, self._steps = report, epochs, steps
        self._epoch = 0
        self._accuracy: float | None = None
        self._began = self._told = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._accuracy = round((logs or {})["val_digits_right"], 4)
        self._tell(self._steps, logs or {})

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if time.monotonic() - self._told >= PROGRESS_EVERY:
            self._tell(batch + 1, logs or {})

    def _tell(self, steps: int, logs: dict[str, float]) -> None:
        self._told = time.monotonic()
        done = (self._epoch + steps / self._steps) / self._epochs
        self._report(
            {
                "event": "progress",
                "epoch": self._epoch + 1,
                "epochs": self._epochs,
                "done": round(done, 4),
                "loss": round(logs["loss"], 4),
                "accuracy": round(logs["digits_right"], 4),
                "val_accuracy": self._accuracy,
                "seconds_left": round((self._told - self._began) * (1 / done - 1)),
            }
        )
