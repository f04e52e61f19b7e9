from aeexp.sweeping.record import Record


def write_report(record: Record, metric: str, mode: str) -> None: ...
