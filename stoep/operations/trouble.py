"""What stops a command for a reason the person at the keyboard can mend: said in one line, exit code 2."""


class OperatorError(Exception):
    """Its text is the one line that is shown, without a traceback."""
