"""The logins of the demo municipality. They work only where DEBUG is on."""

DEMO_PASSWORD = "demo-lasrutin-2026"  # noqa: S105 - public on purpose; the login refuses it in production

# User name, role as the routine calls it, and what tells this login from another of the same role.
LOGINS = [
    ("assessor", "biståndshandläggare", ""),
    ("fee_officer", "avgiftshandläggare", ""),
    ("provider", "utförare", "extern"),
    ("provider2", "utförare", "extern, en annan"),
    ("coordinator", "samordnare", "egen regi"),
    ("caretaker", "vaktmästare", ""),
    ("caretaker2", "vaktmästare", "en till"),
    ("locksmith", "upphandlad låssmed", ""),
    ("system_admin", "systemförvaltare", ""),
    ("manager", "berörd ledning", ""),
]


def login_table() -> str:
    """One line per login, for the terminal."""
    lines = [f"  {name:<14}{role}{f' ({note})' if note else ''}" for name, role, note in LOGINS]
    return "\n".join([f"  {'User name':<14}Role", *lines])
