"""Names of the tags of runs that aeexp writes and reads again."""

KIND_TAG = "aeexp.kind"
"""Tells a `training` from an `evaluation`, a `reproduction`, a `transfer` and a `sweep`."""

PARENT_TAG = "mlflow.parentRunId"
"""The run that an evaluation or a job of a sweep belongs to; MLflow folds by it."""

REPRODUCES_TAG = "aeexp.reproduces"
"""The run that was run again."""

VERSION_TAG = "aeexp.version"
"""The version of the package."""

HIGHER_IS_BETTER_TAG = "aeexp.higher_is_better"
"""The base names of the metrics of which a higher value is better, separated by spaces."""

LOWER_IS_BETTER_TAG = "aeexp.lower_is_better"
"""The base names of the metrics of which a lower value is better."""

CHANGED_TAG = "aeexp.changed"
"""The settings that were changed when a run was resumed, as its params keep their first values."""

PROTOCOL_TAG = "protocol"
"""Which images a training chose by: `validation is test`, or how many were held out."""

VALIDATION_IS_TEST = "validation is test"
"""The protocol in which the test images validate."""

STANDS_STILL_TAG = "aeexp.stands_still"
"""Says of a finished training why it has learned nothing."""

ENDED_TAG = "aeexp.ended_by"
"""What ended a training before its last epoch: early stopping, or the class of a callback."""

PROCESS_TAG = "aeexp.process"
"""Host, number and start of the process that writes a run."""

BEAT_TAG = "aeexp.beat"
"""The last time at which that process was known to live, in seconds since 1970."""

COMMAND_TAG = "aeexp.command"
"""The command of a sweep as it was typed."""

AXES_TAG = "aeexp.axes"
"""The swept keys, in the order of the command, as JSON."""

METRIC_TAG = "aeexp.metric"
"""The metric by which the jobs of a sweep are compared."""

FORMER_METRIC = "test/psnr"
"""The metric of sweeps of versions that did not record it."""

MODE_TAG = "aeexp.mode"
"""`min` or `max`, where the command of a sweep chose the direction of its metric."""

KEY_TAG = "aeexp.key"
"""Identifies a job or a sweep; see `aeexp.sweeps.jobs`."""

KEY_VERSION_TAG = "aeexp.key_version"
"""The version of the way in which the key was computed."""
