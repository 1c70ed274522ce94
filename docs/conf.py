"""How Sphinx builds the documentation: `make docs`. Nothing in the pages is loaded from another host.

A new page is one line in the toctree of `guide/index.md`, `methods.md`, `coming-from/index.md` or
`reference/index.md`; a page in none of them is a warning, and warnings are errors.
"""

from __future__ import annotations

from typing import Any

import wirecopy

project = "wirecopy"
author = "The wirecopy developers"
project_copyright = "The wirecopy developers"
version = release = wirecopy.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]

# Pages are Markdown, docstrings numpydoc in reStructuredText.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

default_role = "py:obj"
autodoc_typehints = "none"  # the docstrings say the types
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": True}

numpydoc_show_class_members = False  # autodoc lists them
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

html_theme = "furo"
html_title = f"wirecopy {release}"
html_static_path = ["_static"]
html_css_files = ["wirecopy.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def _hide_signature(
    _app: Any, what: str, _name: str, obj: Any, *_rest: Any
) -> tuple[str, str] | None:
    """Results are not made by calling their class: what no docstring describes is no signature."""
    undescribed = what == "class" and "Parameters\n" not in (obj.__doc__ or "")
    return ("", "") if undescribed else None


def _is_of_scikit_learn(
    _app: Any, _what: str, name: str, _obj: Any, _skip: bool, _options: Any
) -> bool | None:
    """What scikit-learn gives to every estimator is described there."""
    routing = name.startswith("set_") and name.endswith("_request")
    return True if routing or name in {"get_metadata_routing", "set_output"} else None


def setup(app: Any) -> None:
    """Register what is done to docstrings."""
    app.connect("autodoc-skip-member", _is_of_scikit_learn)
    app.connect("autodoc-process-signature", _hide_signature)
