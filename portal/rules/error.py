"""What a wrong rule, word or office file raises."""


class RuleError(Exception):
    """A file under ``data/`` or a local rule is wrong: the portal refuses to work with it.

    The text is for the operator and names the file and the key.
    """
