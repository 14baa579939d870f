"""Every component with invented content, to look at and to test. Only a local run has an address for it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lasrutin.dates import DateField, DateTimeField
from lasrutin.forms import (
    SignatureField,
    TileCheckbox,
    TileCheckboxSelectMultiple,
    TileRadioSelect,
    UnitNumberInput,
)

Content = dict[str, Any]


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Namn", help_text="Som det står på dörren.")
    note = forms.CharField(
        label="Upplysning till vaktmästaren", widget=forms.Textarea(attrs={"rows": 3}), max_length=200, required=False
    )
    provider = forms.ChoiceField(
        label="Utförare", choices=[("", "Välj"), ("1", "Omsorg Ett AB"), ("2", "Omsorg Två AB")]
    )
    day = DateField(label="Dag")
    visit = DateTimeField(label="Besök", help_text="Vardagar 08.00–16.30.")
    unit = forms.CharField(label="Enhetens nummer", widget=UnitNumberInput())
    tested = forms.MultipleChoiceField(
        label="Provat: app, utifrån och med nyckel?",
        choices=[("app", "App"), ("outside", "Utifrån"), ("key", "Nyckel")],
        widget=TileCheckboxSelectMultiple(),
    )
    gate = forms.ChoiceField(
        label="Finns det en port?",
        choices=[("no", "Nej"), ("yes", "Ja, utan portenhet"), ("unit", "Ja, med portenhet")],
        widget=TileRadioSelect(),
    )
    informed = forms.BooleanField(label="Brukaren är informerad", widget=TileCheckbox())
    alarm = forms.ChoiceField(
        label="Trygghetslarm",
        choices=[("yes", "Ja"), ("no", "Nej")],
        widget=forms.RadioSelect(),
        help_text="Då behövs två nycklar.",
    )
    services = forms.MultipleChoiceField(
        label="Insatser", choices=[("day", "Hemtjänst dag"), ("night", "Natt")], widget=forms.CheckboxSelectMultiple()
    )
    copy = forms.BooleanField(label="Skicka kopia till mig", required=False)
    paper = forms.FileField(label="Godkännandet", help_text="PDF, PNG eller JPEG.", required=False)
    signature = SignatureField(label="Underskrift")


class ExampleFilter(forms.Form):
    """The filters of a list."""

    all_optional = True
    state = forms.ChoiceField(label="Status", choices=[("", "Alla"), ("open", "Pågår")], required=False)
    street = forms.CharField(label="Gata", required=False)


WORK = [
    {
        "title": "Fråga föreningen om portlås", "url": "#", "tone": "late", "place": "BRF Exemplet, Storgatan 5",
        "due": "2 dagar sent", "detail": "Port 2026-00043 · tre brukare väntar på porten · senast påmint 19 nov",
        "action": "Registrera svar",
    },
    {
        "title": "Beställ portlås av låssmeden", "url": "#", "tone": "soon", "place": "Ängsvägen 12", "due": "i dag",
        "detail": "Port 2026-00051 · godkännandet kom i går", "action": "Beställ",
    },
    {
        "title": "Beställ montering av lås", "url": "#", "tone": "", "place": "Björkstigen 3, lgh 0901",
        "due": "senast 26 nov", "detail": "Nytt lås 2026-00057 · extern hemtjänst, Omsorg Två AB", "action": "Beställ",
    },
    {"title": "Besluta om ersättning för låssmed", "url": "#"},
]  # fmt: skip
TRACK = [
    {"label": "Anmäld", "state": "done"},
    {"label": "Beställd", "state": "done"},
    {"label": "Tas", "state": "here"},
    {"label": "Tid bokas", "state": "todo"},
    {"label": "Monteras", "state": "todo"},
    {"label": "Kopplas", "state": "todo"},
    {"label": "Klar", "state": "todo"},
]
NOW = {
    "who": "vaktmästeriet", "what": "ta jobbet", "since": "Beställt i går 14.10",
    "due": "ska vara taget senast i dag 16.30", "link_label": "Påminn", "link_url": "#", "track": TRACK,
    "also": [
        {"text": "Larmgruppen ska kvittera en nyckel", "due": "2 dagar sent", "tone": "late"},
        {"text": "Föreningen ska svara om porten", "due": "senast 4 dec", "tone": ""},
    ],
}  # fmt: skip
LATE = {
    "name": "Sent",
    "mine": True,
    "what": "registrera föreningens svar",
    "due": "2 dagar sent",
    "since": "Frågat 12 nov",
    "tone": "late",
}
DONE = {"name": "Klart", "sentence": "Klar 4 december. Låset är kopplat i Phoniro Care.", "tone": "done"}
LANES = [
    {
        "title": "Lås",
        "steps": [
            {"label": "Behovet anmält", "owner": "Biståndshandläggare", "state": "done", "when": "21 nov"},
            {"label": "Montering beställd, systemförvaltaren fick kopia", "owner": "Avgiftshandläggare", "state": "done", "when": "22 nov"},
            {"label": "Jobbet tas", "owner": "Vaktmästare", "state": "now", "tag": "Väntar"},
            {"label": "Tid bokas med hemtjänsten", "owner": "Utförare", "state": "todo", "when": "senast 27 nov"},
            {"label": "Låset monteras och provas", "owner": "Vaktmästare", "state": "todo", "when": "senast 4 dec"},
            {"label": "Låset kopplas i Phoniro Care", "owner": "Systemförvaltare", "state": "todo"},
        ],
    },
    {
        "title": "Nycklar",
        "note": "två, eftersom trygghetslarm finns",
        "steps": [
            {"label": "Hemtjänsten har kvitterat 1 nyckel", "owner": "Utförare", "state": "done", "when": "22 nov"},
            {
                "label": "Larmgruppen kvitterar 1 nyckel", "owner": "Utförare", "state": "blocked", "tag": "Hindrad",
                "tone": "warn", "why": "Nyckeln passar inte i porten.",
            },
        ],
    },
    {
        "title": "Port",
        "note_label": "2026-00043", "note_url": "#", "note": "delas av tre brukare",
        "steps": [
            {"label": "Godkännande från fastighetsägaren", "owner": "Avgiftshandläggare", "state": "done", "tag": "Klart", "tone": "ok"},
            {"label": "Portlås beställs", "owner": "Du", "state": "now", "tag": "Väntar", "url": "#"},
            {"label": "Ombud för huset väljs", "owner": "Avgiftshandläggare", "state": "skipped", "when": "behövs inte"},
        ],
    },
]  # fmt: skip
FACTS = [
    ("Brukare", "Alva Exempelsson", "#"),
    ("Lägenhet", "1102 (föreningens 14)"),
    ("Utförare", "Omsorg Ett AB", "", "08-555 01 00"),
    ("Port", "Entré B, porttelefon"),
    ("Förening", "BRF Exemplet"),
    ("Nycklar", "1 av 2 kvitterade"),
]
EVENTS = [
    {"when": "I går 14.10", "title": "Montering beställd", "by": "Avgiftshandläggare", "lines": ["Mejl till vaktmästeriet skickat 14.10, levererat"]},
    {"when": "I går 09.00", "title": "Mejlet studsade", "tone": "warn"},
    {"when": "21 nov 09.32", "title": "Behovet anmält", "lines": ["Brukaren informerad, broschyr lämnad"]},
]  # fmt: skip
COLUMNS = [
    {"label": "Order", "sort_url": "?sort=order", "sorted": "descending"},
    {"label": "Adress", "sort_url": "?sort=address"},
    {"label": "Väntar på"},
    {"label": "Dagar", "numeric": True},
    {"label": "Status"},
]
ROWS = [
    [{"text": "2026-00042", "url": "#", "number": True}, "Storgatan 5", "vaktmästeriet", 2, {"tag": "Pågår"}],
    [{"text": "2026-00043", "url": "#", "number": True}, {"text": "Storgatan 5", "note": "Entré B"}, "fastighetsägaren", 12, {"tag": "Hindrad", "tone": "warn"}],
    [{"text": "2026-00044", "url": "#", "number": True}, "Ängsvägen 12", "", 1, {"tag": "Klar", "tone": "ok"}],
]  # fmt: skip
SENT = [
    {"to": "Vaktmästeriet", "how": "mejl", "what": "Ordernummer, gata och nummer, vem som möter upp."},
    {"to": "Systemförvaltaren", "how": "kopia", "what": "Samma mejl."},
]
KEPT = ["Brukarens namn och personnummer", "Lägenhet och våning", "Vilka insatser brukaren har"]
MAILS = [
    {
        "to": "vaktmasteriet@example.se",
        "subject": "Låsrutin 2026-00042: montera nytt lås",
        "body": "Hej!\n\nEtt nytt lås ska monteras på Storgatan 5.\nTa jobbet i Låsrutin: 2026-00042.\n\nSvara till avgift@example.se.",
    }
]
NOTICES = [
    {"title": "Nyckel kvitterad", "url": "#", "text": "Omsorg Ett AB har kvitterat en nyckel.", "when": "I dag 08.12", "unread": True},
    {"title": "Jobbet är taget", "url": "#", "when": "I går 15.40", "unread": False},
]  # fmt: skip
STEP = {
    "url": "#", "title": "Det du kan göra", "label": "Beställ portlås av låssmeden", "link_label": "Se mejlet först",
    "link_url": "#", "text": "Fastighetsägarens godkännande för porten kom in 23 november. Låssmeden får beställningen via "
    "mejl, utan uppgift om brukaren.",
}  # fmt: skip
COPIES = [("Enhetens serienummer", "LE 1045 12"), ("Adress", "Storgatan 5, 144 30 Exempelby")]


def example() -> Content:
    """Invented content for every component."""
    return {
        "work": WORK, "now": NOW, "late": LATE, "done": DONE, "lanes": LANES, "facts": FACTS, "events": EVENTS,
        "columns": COLUMNS, "rows": ROWS, "sent": SENT, "kept": KEPT, "mails": MAILS, "notices": NOTICES, "copies": COPIES,
        "form": ExampleForm(auto_id="ex_%s"), "wrong": ExampleForm({"name": "", "note": "x" * 210}, auto_id="wrong_%s"),
        "step": STEP,
        "filter": ExampleFilter({}, auto_id="filter_%s"), "page": Paginator(range(60), 25).page(2),
        "points": ["Larmgruppen kan inte längre öppna dörren.", "Nyckeln måste lämnas tillbaka samma dag."],
    }  # fmt: skip


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    return render(request, "components/gallery.html", example())
