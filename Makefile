.PHONY: check test slow notebooks wheel

check:
	ruff format --check . && ruff check . && mypy

test:
	python -m pytest

slow:
	python -m pytest -m slow

notebooks:
	python docs/execute_notebooks.py

wheel:
	python -m build --wheel
