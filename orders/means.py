"""What the routine asks of a task beside who does it: whom it mails, whom it tells securely, and Phoniro Care."""

from lasrutin.roles import Role

# Chapters 7 and 8 tell people too; their mails come with them.
MAILED: dict[str, frozenset[Role]] = {
    "1.3a": frozenset({Role.CARETAKER, Role.SYSTEM_ADMIN}),
    "1.4a": frozenset({Role.PROVIDER}),
    "1.4b": frozenset({Role.CARETAKER}),
    "1.9b": frozenset({Role.LOCKSMITH}),
    "1.9c": frozenset({Role.PROVIDER}),
    "2.1b": frozenset({Role.CARETAKER}),
    "2.1c": frozenset({Role.SYSTEM_ADMIN}),
    "2.3b": frozenset({Role.LOCKSMITH}),
    "3.2a": frozenset({Role.CARETAKER, Role.SYSTEM_ADMIN}),
    "3.7": frozenset({Role.LOCKSMITH}),
    "4.2a": frozenset({Role.CARETAKER, Role.SYSTEM_ADMIN}),
    "4.7b": frozenset({Role.LOCKSMITH}),
    "4.7c": frozenset({Role.PROVIDER}),
    "7.1": frozenset({Role.SYSTEM_ADMIN}),
    "7.2": frozenset({Role.SYSTEM_ADMIN}),
    "7.4": frozenset({Role.LOCKSMITH}),
    "8.1a": frozenset({Role.PROVIDER}),
}
TOLD_SECURELY: dict[str, frozenset[Role]] = {
    "1.3b": frozenset({Role.SYSTEM_ADMIN}),
    "1.3c": frozenset({Role.COORDINATOR, Role.SYSTEM_ADMIN}),
    "3.2b": frozenset({Role.SYSTEM_ADMIN}),
    "4.2b": frozenset({Role.SYSTEM_ADMIN}),
    "5.1b": frozenset({Role.SYSTEM_ADMIN}),
}
CHANGES_PHONIRO = frozenset(
    {"1.3d", "1.7a", "1.7b", "1.7c", "1.11", "2.2c", "3.6a", "3.9", "4.6a", "4.6b", "4.9", "5.3", "6.3", "8.1a"}
)
