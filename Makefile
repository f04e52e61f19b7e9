.PHONY: check test slow notebooks docs wheel

check:
	ruff format --check . && ruff check . && mypy

test:
	python -m pytest

slow:
	python -m pytest -m slow

notebooks:   # into docs/notebooks, for the documentation
	python docs/execute_notebooks.py

docs:   # into the folder site; a dead link is an error
	NO_MKDOCS_2_WARNING=1 python -m mkdocs build --strict

wheel:
	python -m build --wheel
