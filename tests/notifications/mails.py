"""Realistic mail for the tests: everything a context can hold, with invented people."""

from dataclasses import replace
from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy

from notifications.context import MailContext, MailRow, StepTask, absolute

VISIT = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)


def rows(count=2):
    return tuple(
        MailRow(
            order_number=f"2026-{number:05}", address=f"Provgatan {number}", provider_name="Hemtjänst Nord AB",
            link=absolute(f"/ordrar/2026-{number:05}/"),
        )
        for number in range(1101, 1101 + count)
    )  # fmt: skip


def full_context(**changes) -> MailContext:
    return replace(
        MailContext(
            link=absolute("/ordrar/2026-00042/"),
            order_number="2026-00042",
            task=StepTask(gettext_lazy("föreslå tider för besöket")),
            address="Storgatan 5",
            new_address="Karin Boyes gata 12 B",
            provider_name="Omsorg & Vård AB",
            provider_contact="Karin Svensson",
            provider_phone="08-465 004 11",
            provider_email="karin.svensson@example.se",
            owner_name="Brf Nyckeln 3",
            owner_contact="Åke Mönster",
            owner_phone="070-174 06 20",
            owner_email="styrelsen@example.org",
            new_owner_name="Hyresvärd Väst AB",
            new_owner_contact="Mio Påhitt",
            new_owner_phone="+46 8 465 004 12",
            new_owner_email="mio@example.org",
            unit_numbers=("LE 1045 12", "PE 2000 01"),
            visit_at=VISIT,
            times=(VISIT, VISIT.replace(day=27)),
            deadline=date(2027, 5, 4),
            invoice_address="Exempelby kommun\nSkanning, Box 0123\n144 80 Exempelby",
            invoice_reference="ZZ 2120001355",
            rows=rows(),
        ),
        **changes,
    )
