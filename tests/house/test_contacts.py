"""One page lists the roles with name, phone and mail: data, never code (9.1)."""

import pytest
from guardian.shortcuts import assign_perm

from lasrutin.audit.models import Action
from lasrutin.people.models import Mailbox, Municipality, Organisation
from lasrutin.roles import Role
from tests.editing import as_shown, seen, told

PAGE = "/kontakter/"
CARETAKERS = {"name": "Vaktmästeriet", "phone": "08-555 01 00", "email": "vaktmasteriet@example.se"}


@pytest.fixture(autouse=True)
def world(db):
    kinds = Organisation.Kind
    firms = {
        "home": Organisation.objects.create(name="Hemtjänsten i egen regi", kind=kinds.IN_HOUSE),
        "ett": Organisation.objects.create(
            name="Omsorg Ett AB",
            kind=kinds.EXTERNAL,
            contact_name="Eva Ett",
            email="ett@example.se",
            phone="08-555 02 00",
        ),
        "två": Organisation.objects.create(name="Omsorg Två AB", kind=kinds.EXTERNAL, email="tva@example.se"),
        "locks": Organisation.objects.create(name="Låsjouren AB", kind=kinds.LOCKSMITH),
    }
    Mailbox.objects.create(role=Role.FEE_OFFICER, name="Avgifter", email="avgift@example.se")
    Mailbox.objects.create(role=Role.LOCKSMITH, organisation=firms["locks"], name="Lisa Lås", email="las@example.se")
    Mailbox.objects.create(role=Role.PROVIDER, organisation=firms["två"], name="Tvåan", email="brevlada@example.se")
    return firms


@pytest.fixture
def read(client):
    def page(user):
        client.force_login(user)
        return client.get(PAGE).content.decode()

    return page


def names(page):
    return [name for name in ("Avgifter", "Omsorg Ett", "Omsorg Två", "Låsjouren") if name in page]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FEE_OFFICER, Role.CARETAKER, Role.COORDINATOR, Role.SYSTEM_ADMIN])
def test_the_municipality_sees_everybody(read, person, role):
    assert names(read(person(role))) == ["Avgifter", "Omsorg Ett", "Omsorg Två", "Låsjouren"]


def test_an_external_provider_sees_the_municipality_and_itself(read, person, world):
    user = person(Role.PROVIDER)
    assign_perm("people.act_for_organisation", user, world["ett"])

    assert names(read(user)) == ["Avgifter", "Omsorg Ett"]


def test_a_locksmith_sees_the_municipality_and_its_firm(read, person, world):
    user = person(Role.LOCKSMITH)
    assign_perm("people.act_for_organisation", user, world["locks"])

    assert names(read(user)) == ["Avgifter", "Låsjouren"]


def test_a_firm_without_a_mailbox_is_reached_at_its_own_address(read, person):
    page = read(person(Role.ASSESSOR))

    assert '<a href="mailto:ett@example.se">ett@<wbr>example<wbr>.se</a>' in page
    assert "tel:085550200" in page


def test_what_nobody_has_filled_in_is_shown_to_the_system_administrator_only(read, person, admin):
    assert "Saknas" in read(admin)
    assert "Saknas" not in read(person(Role.ASSESSOR))


def test_office_hours_and_the_emergency_telephone_stand_there(read, person):
    Municipality.objects.create(pk=1, acute_phone="08-555 09 11")

    page = read(person(Role.PROVIDER))

    assert "vardagar 08.00–16.30" in page
    assert "08-555 09 11" in page


def test_the_system_administrator_fills_in_a_role(client, admin):
    client.force_login(admin)

    saved = client.post(f"{PAGE}caretaker/", CARETAKERS | seen(client, f"{PAGE}caretaker/"))

    assert (saved.status_code, saved.url) == (302, PAGE)
    assert "Mejl går till vaktmasteriet@example.se." in client.get(PAGE).content.decode()
    assert (
        Mailbox.objects.filter(role=Role.CARETAKER, organisation=None).values("name", "phone", "email").get()
        == CARETAKERS
    )


def test_and_changes_it_and_it_is_written_down_who_did(client, admin):
    client.force_login(admin)

    changed = as_shown(client, f"{PAGE}fee_officer/") | {"phone": "08-555 01 00", "email": "ny@example.se"}
    client.post(f"{PAGE}fee_officer/", changed)

    assert Mailbox.objects.get(role=Role.FEE_OFFICER).email == "ny@example.se"
    written = Action.objects.get()
    assert (written.by, written.what, written.subject) == (
        admin,
        "ändrade en kontakt: telefon, mejladress",
        "fee_officer",
    )


def test_a_firms_form_begins_with_what_the_firm_says_of_itself(client, admin, world):
    client.force_login(admin)
    address = f"{PAGE}provider/{world['ett'].public_id}/"

    form = client.get(address).context["form"]
    assert [form[name].value() for name in ("name", "phone", "email")] == ["Eva Ett", "08-555 02 00", "ett@example.se"]

    changed = {"name": "Samordningen", "email": "samordning@example.se"}
    client.post(address, changed | seen(client, address))
    assert Mailbox.objects.get(organisation=world["ett"]).role == Role.PROVIDER


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("email", "vaktmasteriet"), ("email", ""), ("phone", "ring mig"), ("name", "x" * 121), ("name", "")],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(client, admin, field, wrong):
    client.force_login(admin)

    answer = client.post(f"{PAGE}caretaker/", CARETAKERS | seen(client, f"{PAGE}caretaker/") | {field: wrong})

    page, errors = answer.content.decode(), answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (422, [field])
    assert f'<a href="#id_{field}">' in page
    assert errors[field][0] in page
    assert "<title>Fel: Ändra kontakt" in page
    assert not Mailbox.objects.filter(role=Role.CARETAKER).exists()


def test_an_old_page_does_not_turn_the_mail_back(client, admin):
    client.force_login(admin)
    address = f"{PAGE}fee_officer/"
    old = as_shown(client, address)
    client.post(address, old | {"email": "ny@example.se"})

    late = client.post(address, old | {"phone": "08-555 01 00"})

    assert told(late) == (409, {"Mejladress": "ny@example.se"})
    assert Mailbox.objects.filter(role=Role.FEE_OFFICER).values("phone", "email").get() == {
        "phone": "", "email": "ny@example.se"
    }  # fmt: skip
    form = late.context["form"]
    assert (form["phone"].value(), form["email"].value()) == ("08-555 01 00", "ny@example.se")


def test_two_do_not_fill_in_the_same_role_for_the_first_time(client, admin, world):
    client.force_login(admin)
    address = f"{PAGE}provider/{world['ett'].public_id}/"
    old = as_shown(client, address)
    client.post(address, old | {"name": "Samordningen"})

    assert told(client.post(address, old | {"name": "Växeln"})) == (409, {"Namn": "Samordningen"})
    assert Mailbox.objects.get(organisation=world["ett"]).name == "Samordningen"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_nobody_else_changes_a_contact(client, person, role):
    client.force_login(person(role))

    assert client.get(f"{PAGE}caretaker/").status_code == 403
    assert client.post(f"{PAGE}caretaker/", CARETAKERS).status_code == 403
    assert not Mailbox.objects.filter(role=Role.CARETAKER).exists()


@pytest.mark.parametrize("role", ["provider", "locksmith", "coordinator", "client", "x"])
def test_a_role_that_the_municipality_does_not_hold_has_no_mailbox_there(client, admin, role):
    client.force_login(admin)

    assert client.get(f"{PAGE}{role}/").status_code == 404


def test_a_firm_has_mailboxes_for_its_own_roles_only(client, admin, world):
    client.force_login(admin)

    assert client.get(f"{PAGE}locksmith/{world['ett'].public_id}/").status_code == 404
    assert client.get(f"{PAGE}coordinator/{world['home'].public_id}/").status_code == 200


@pytest.mark.parametrize("more", [0, 30])
def test_the_page_asks_the_database_the_same_number_of_times(client, admin, django_assert_num_queries, more):
    Municipality.ours()
    for number in range(more):
        Organisation.objects.create(name=f"Firma {number}", kind=Organisation.Kind.EXTERNAL)
    client.force_login(admin)

    with django_assert_num_queries(8):
        client.get(PAGE)
