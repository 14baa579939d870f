"""A page as a person reads it: its words, its links, its rows, and its forms with what can be filled in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

_VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "circle"})
_ALERTS = ("lr-message--error", "lr-message--warning", "govuk-error-summary__list", "govuk-error-message")
_CHOSEN_FROM = frozenset({"radio", "checkbox", "select"})


@dataclass
class Field:
    """What a form asks: its kind, what it holds now, and what can be chosen, by value."""

    kind: str
    values: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)


@dataclass
class Button:
    """A button that sends the form."""

    label: str
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """A form on a page."""

    action: str
    method: str
    id: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, answers: dict[str, Any], button: Button | None = None) -> dict[str, Any]:
        """What the browser sends when a person has given these answers and presses the button.

        An answer to a question with choices is the choice's words, with or without its capital, or its value.
        """
        sent = {name: list(asked.values) for name, asked in self.fields.items() if asked.values}
        for name, answer in answers.items():
            assert name in self.fields, f"The form asks for {sorted(self.fields)}, and not for {name!r}."
            sent[name] = [self._typed(self.fields[name], each) for each in _several(answer)]
        if button is not None and button.name:
            sent[button.name] = [button.value]
        return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}

    @staticmethod
    def _typed(asked: Field, answer: Any) -> Any:
        if asked.kind in _CHOSEN_FROM:
            found = [
                value
                for value, label in asked.choices.items()
                if answer == value or capfirst(str(answer)) == capfirst(label)
            ]
            assert found, f"{answer!r} cannot be chosen. There are: {asked.choices}"
            return found[0]
        if isinstance(answer, datetime):
            return timezone.localtime(answer).strftime("%Y-%m-%dT%H:%M")
        return answer.isoformat() if isinstance(answer, date) else answer


def _several(answer: Any) -> list[Any]:
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]


class Page(HTMLParser):
    """What stands on a page."""

    def __init__(self, html: str, *, status: int = 200, url: str = "") -> None:
        super().__init__()
        self.html, self.status, self.url = html, status, url
        self.title, self.text = "", ""
        self.links: list[tuple[str, str]] = []
        self.rows: list[str] = []
        self.alerts: list[str] = []
        self.forms: list[Form] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._labels: dict[str, str] = {}
        self._ids: list[tuple[Field, str, str]] = []
        self._elsewhere: list[tuple[str, Button]] = []
        self.feed(html)
        self._settle()

    def button(self, label: str) -> tuple[Form, Button]:
        """The form and its button with these words."""
        found = [(form, button) for form in self.forms for button in form.buttons if button.label == label]
        assert found, (
            f"No button {label!r} on {self.url}. There are: {[b.label for f in self.forms for b in f.buttons]}"
        )
        return found[0]

    def form(self, ending: str) -> Form:
        """The form that is sent to an address with this ending."""
        found = [form for form in self.forms if form.action.endswith(ending)]
        assert found, f"No form to {ending} on {self.url}. There are: {[form.action for form in self.forms]}"
        return found[0]

    def link(self, label: str) -> str:
        """Where the link with these words leads."""
        found = [url for words, url in self.links if words == label]
        assert found, f"No link {label!r} on {self.url}. There are: {[words for words, _url in self.links]}"
        return found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append((tag, given | {"_text": ""}))
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.url, given.get("method", "get"), given.get("id", "")))
        elif tag in ("input", "select", "textarea") and self.forms and self._within("form"):
            self._ask(tag, given)
        elif tag == "option" and (asked := self._select()) is not None:
            asked.choices[given.get("value", "")] = ""
            if "selected" in given or not asked.values:
                asked.values = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, given = self._open.pop()
            words = " ".join(given["_text"].split())
            self._close(name, given, words)
            if self._open:
                self._open[-1][1]["_text"] += given["_text"] + (
                    " " if name in ("li", "p", "h1", "h2", "h3", "dt", "dd", "pre", "td", "th") else ""
                )
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] not in ("script", "style"):
            self._open[-1][1]["_text"] += data

    def _close(self, tag: str, given: dict[str, str], words: str) -> None:
        kinds = given.get("class", "")
        if tag == "title":
            self.title = words
        elif tag == "main":
            self.text = words
        elif tag == "a":
            self.links.append((words, given.get("href", "")))
        elif tag == "label":
            self._labels[given.get("for", "")] = words
        elif tag == "option" and (asked := self._select()) is not None:
            asked.choices[given.get("value", "")] = words
        elif tag == "textarea" and self.forms:
            self.forms[-1].fields[given["name"]].values = [given["_text"].strip()]
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._press(given, words)
        if tag == "li" and "lr-row" in kinds.split():
            self.rows.append(words)
        if words and any(kind in kinds for kind in _ALERTS):
            self.alerts.append(words)

    def _press(self, given: dict[str, str], words: str) -> None:
        button = Button(words, given.get("name", ""), given.get("value", ""))
        if "form" in given:
            self._elsewhere.append((given["form"], button))
        elif self._within("form"):
            self.forms[-1].buttons.append(button)

    def _ask(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        name = given.get("name", "")
        if not name:
            return
        asked = self.forms[-1].fields.setdefault(name, Field(kind))
        if kind in ("radio", "checkbox"):
            value = given.get("value", "on")
            asked.choices[value] = ""
            self._ids.append((asked, value, given.get("id", "")))
            if "checked" in given:
                asked.values.append(value)
        elif tag == "input" and kind != "file":
            # A hidden field that holds several answers stands there once for each.
            asked.values.append(given.get("value", ""))

    def _select(self) -> Field | None:
        held = [given for tag, given in self._open if tag == "select"]
        return self.forms[-1].fields.get(held[-1].get("name", "")) if held and self.forms else None

    def _within(self, tag: str) -> bool:
        return any(name == tag for name, _given in self._open)

    def _settle(self) -> None:
        for asked, value, identity in self._ids:
            asked.choices[value] = self._labels.get(identity, "")
        for where, button in self._elsewhere:
            next(form for form in self.forms if form.id == where).buttons.append(button)
