"""The panel's forms over an expired session, and with a null byte: what was typed stands there again."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from lasrutin.people.models import Organisation, Provider, User
from lasrutin.roles import Role
from orders.models import Rate
from tests.editing import carried
from tests.house.conftest import HiddenFields
from tests.organisations import OrganisationFactory, ProviderFactory, UserFactory

# Django's own template of the password field asks for a variable that it does not set.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NEW_USER, NEW_FIRM = reverse("admin:people_user_add"), reverse("admin:people_organisation_add")


@pytest.fixture
def lost(panel, system_admin):
    """Post a form after the session has ended, log in again, and see where one lands."""

    def post(url, typed):
        page = carried(panel, url)
        panel.logout()
        sent = panel.post(url, page | typed)
        assert (sent.status_code, sent.url) == (302, f"/logga-in/?next={url}")
        panel.force_login(system_admin)
        return panel.get(url)

    return post


def test_a_new_organisation_is_there_again_with_its_rows(lost, panel):
    typed = {"name": "Omsorg Tre AB", "kind": "external", "mailboxes-0-name": "Växeln", "mailboxes-TOTAL_FORMS": "1"}
    page = lost(NEW_FIRM, typed)

    form = page.context["adminform"].form
    assert (form["name"].value(), form["kind"].value()) == ("Omsorg Tre AB", "external")
    [rows] = page.context["inline_admin_formsets"]
    assert [row["name"].value() for row in rows.formset.forms if row["name"].value()] == ["Växeln"]
    assert "Det du skrev finns kvar, men är inte skickat." in page.content.decode()
    assert panel.get(NEW_FIRM).context["adminform"].form["name"].value() is None
    assert not Organisation.objects.filter(name="Omsorg Tre AB").exists()


def test_a_new_person_is_there_again_without_the_password(lost, panel):
    firm = OrganisationFactory()
    typed = {"username": "mio", "roles": ["caretaker", "assessor"], "organisations": [firm.pk],
             "password1": "sju sorters kakor", "password2": "sju sorters kakor"}  # fmt: skip
    page = lost(NEW_USER, typed)

    form = page.context["adminform"].form
    assert (form["username"].value(), form["roles"].value()) == ("mio", ["caretaker", "assessor"])
    assert form["organisations"].value() == [str(firm.pk)]
    assert "sju sorters kakor" not in page.content.decode()

    again = HiddenFields(page.content.decode()).fields | typed
    assert panel.post(NEW_USER, again).status_code == 302
    assert User.objects.get(username="mio").roles == {Role.CARETAKER, Role.ASSESSOR}


def test_what_there_is_keeps_what_was_typed_over_it(lost):
    provider = ProviderFactory(name="Omsorg Ett AB")
    page = lost(reverse("admin:people_provider_change", args=[provider.pk]), {"name": "Omsorg Ny AB"})

    assert page.context["adminform"].form["name"].value() == "Omsorg Ny AB"
    assert Provider.objects.get().name == "Omsorg Ett AB"


def test_another_system_administrator_does_not_get_it(panel):
    page = carried(panel, NEW_FIRM)
    panel.logout()
    panel.post(NEW_FIRM, page | {"name": "Omsorg Tre AB"})
    panel.force_login(UserFactory(role=Role.SYSTEM_ADMIN))

    assert panel.get(NEW_FIRM).context["adminform"].form["name"].value() is None


def test_a_null_byte_leads_back_to_the_form(panel):
    page = panel.post(NEW_FIRM, carried(panel, NEW_FIRM) | {"name": "Omsorg\0 Tre AB"})

    assert page.status_code == 400
    assert f'href="{NEW_FIRM}">Öppna formuläret' in page.content.decode()
    assert panel.get(NEW_FIRM).context["adminform"].form["name"].value() == "Omsorg Tre AB"


def test_a_slip_in_the_year_of_a_rate_is_told(panel):
    url = reverse("admin:orders_rate_add")
    rate = carried(panel, url) | {"kind": "mounting", "amount": "900"}
    wrong = panel.post(url, rate | {"valid_from": "9999-12-31"})
    assert list(wrong.context["adminform"].form.errors) == ["valid_from"]
    assert panel.post(url, rate | {"valid_from": timezone.localdate().isoformat()}).status_code == 302
    assert Rate.objects.count() == 1


def test_a_stranger_is_told_of_no_form():
    assert "typed_for" not in Browser().get(NEW_FIRM, follow=True).content.decode()
