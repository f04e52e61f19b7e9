.PHONY: check test slow wheel

check:
	ruff format --check . && ruff check . && mypy

test:
	python -m pytest

slow:
	python -m pytest -m slow

wheel:
	python -m build --wheel
