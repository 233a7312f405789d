"""Takes comments and idle white space out of our own style sheets and scripts; careful, not clever."""

import re

STYLE_PARTS = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/|(\s+)""", re.DOTALL)
AROUND = re.compile(r"\s*([{};,>])\s*")
AFTER_COLON = re.compile(r"([\w-]):\s+(?=[^{}]*[;}])")
SCRIPT_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def style(text: str) -> str:
    """Strings stay as they are; a space that may mean something (`a b`, `1px + 2px`) stays too."""
    parts = STYLE_PARTS.sub(lambda found: found[1] or (" " if found[2] else ""), text)
    pieces = re.split(r"""("[^"\n]*"|'[^'\n]*')""", parts)
    pieces[::2] = [AROUND.sub(r"\1", piece) for piece in pieces[::2]]
    whole = AFTER_COLON.sub(r"\1:", "".join(pieces))
    return whole.replace(";}", "}").strip() + "\n"


def script(text: str) -> str:
    """Whole-line comments, indentation and empty lines go; what is left reads the same to the browser."""
    lines = (line.strip() for line in SCRIPT_COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)
