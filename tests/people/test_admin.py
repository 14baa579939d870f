import pytest
from django.contrib import admin
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from lasrutin.audit.models import Action, Look
from lasrutin.local.demo import DEMO_PASSWORD
from lasrutin.people.models import Municipality, Organisation, Provider, User
from lasrutin.roles import Role
from locks.models import Address, Article, ClientLink, Unit
from tests.factories import (
    AddressFactory,
    ArticleFactory,
    ClientFactory,
    ClientLinkFactory,
    EntranceFactory,
    InstallationFactory,
    PropertyFactory,
    UnitFactory,
)
from tests.organisations import MailboxFactory, OrganisationFactory, ProviderFactory, ProviderUnitFactory, UserFactory

# Django's own template of the password field asks for a variable that it does not set.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in {"people", "audit", "locks"}),
    key=lambda model: model._meta.label,
)


def page_of(model, name="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def a_world():
    home = AddressFactory(behind_entrance=True)
    client = ClientFactory(address=home)
    lock = InstallationFactory(address=home)
    InstallationFactory(at_entrance=True, entrance=home.entrance)
    ClientLinkFactory(client=client, unit=lock.unit)
    ProviderUnitFactory()
    MailboxFactory()
    Municipality.ours()
    Look.objects.create(by=UserFactory(), client_ref=client.public_id, page="prov")
    Action.objects.create(by=UserFactory(), what="prov")


@pytest.mark.parametrize("role", Role)
def test_only_the_system_admin_comes_in(role):
    browser = Browser()
    browser.force_login(UserFactory(role=role, is_staff=True, is_superuser=True))
    expected = 200 if role == Role.SYSTEM_ADMIN else 302
    assert [browser.get(url).status_code for url in (reverse("admin:index"), page_of(User))] == [expected] * 2


def test_neither_staff_nor_superuser_needs_to_be_set(panel, system_admin):
    assert (system_admin.is_staff, system_admin.is_superuser) == (False, False)
    assert panel.get(reverse("admin:index")).status_code == 200


def test_a_system_admin_who_left_is_out(panel, system_admin):
    system_admin.is_active = False
    system_admin.save()
    assert panel.get(reverse("admin:index")).status_code == 302


def test_the_panel_leads_to_who_has_no_lock_and_to_what_is_to_be_done_in_phoniro_care(panel):
    page = panel.get(reverse("admin:index")).content.decode()
    for url in (reverse("locks:clients_without_lock"), reverse("phoniro_client:tasks")):
        assert f'href="{url}"' in page
        assert panel.get(url).status_code == 200


def test_the_panel_is_grouped_by_work(panel):
    groups = panel.get(reverse("admin:index")).context["app_list"]
    assert [group["name"] for group in groups[:4]] == [
        "Enheter och kopplingar", "Brukare", "Användare och organisationer", "Fastigheter",
    ]  # fmt: skip
    listed = [model["model"] for group in groups for model in group["models"]]
    assert len(listed) == len(set(listed))
    assert set(OURS) <= set(listed)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_page_opens_and_nothing_is_deleted(panel, model):
    a_world()
    assert panel.get(page_of(model)).status_code == 200
    row = model._default_manager.first()
    page = panel.get(page_of(model, "change", row.pk))
    assert page.status_code == 200
    may_delete = model._meta.model_name == "mailbox"
    assert panel.get(page_of(model, "delete", row.pk)).status_code == (200 if may_delete else 403)
    assert panel.get(page_of(model, "add")).status_code in {200, 403}


def test_every_list_asks_as_often_for_thirty_rows_as_for_one(panel, django_assert_max_num_queries):
    def asked():
        counted = {}
        for model in OURS:
            with django_assert_max_num_queries(20) as queries:
                panel.get(page_of(model))
            counted[model] = len(queries)
        return counted

    a_world()
    asked()  # what is remembered for the whole process
    one = asked()
    for _number in range(29):
        MailboxFactory.reset_sequence(0)
        home = AddressFactory(behind_entrance=True)
        client = ClientFactory(address=home)
        ClientLinkFactory(client=client, unit=InstallationFactory(address=home).unit)
        InstallationFactory(at_entrance=True, entrance=home.entrance)
        MailboxFactory()
        ProviderUnitFactory()
        UserFactory(role=Role.CARETAKER)
        Look.objects.create(by=UserFactory(), client_ref=client.public_id, page="prov")
    assert asked() == one


def test_what_the_product_writes_itself_is_read_only(panel):
    a_world()
    for model in (Look, Action):
        assert panel.post(page_of(model, "change", model.objects.first().pk), {"page": "x"}).status_code == 403


NEW = {
    "username": "ny.person", "usable_password": "true", "password1": "ett långt lösenord", "password2": "ett långt lösenord",
    "first_name": "Ny", "last_name": "Person", "email": "ny@example.se", "phone": "",
}  # fmt: skip


def test_a_person_is_made_with_roles_and_organisations(panel, system_admin):
    provider = ProviderFactory()
    answer = panel.post(page_of(User, "add"), NEW | {"roles": ["provider"], "organisations": [provider.pk]})
    assert answer.status_code == 302
    made = User.objects.get(username="ny.person")
    assert (made.roles, made.organisation_ids) == ({Role.PROVIDER}, {provider.pk})
    assert made.check_password("ett långt lösenord")
    action = Action.objects.get()
    assert (action.by, action.subject) == (system_admin, made.public_id)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.PROVIDER, Organisation.Kind.LOCKSMITH),
        (Role.COORDINATOR, Organisation.Kind.EXTERNAL),
        (Role.LOCKSMITH, Organisation.Kind.EXTERNAL),
        (Role.PROVIDER, None),
    ],
)
def test_a_role_needs_the_organisation_it_acts_for(panel, role, kind):
    organisations = [OrganisationFactory(kind=kind).pk] if kind else []
    answer = panel.post(page_of(User, "add"), NEW | {"roles": [role.value], "organisations": organisations})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["organisations"]


def test_reach_is_changed(panel):
    old, new = ProviderFactory(), ProviderFactory()
    user = UserFactory(role=Role.PROVIDER, organisation=old)
    facts = {"username": user.username, "is_active": "on", "roles": ["provider", "assessor"], "organisations": [new.pk]}
    assert panel.post(page_of(User, "change", user.pk), facts).status_code == 302
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.roles, fresh.organisation_ids) == ({Role.PROVIDER, Role.ASSESSOR}, {new.pk})
    page = panel.get(page_of(User, "change", user.pk)).content.decode()
    assert "is_superuser" not in page


def test_nobody_locks_themselves_out(panel, system_admin):
    for facts in ({"is_active": "on", "roles": []}, {"roles": ["system_admin"]}):
        answer = panel.post(page_of(User, "change", system_admin.pk), {"username": system_admin.username} | facts)
        assert list(answer.context["adminform"].form.errors) == ["roles"]
    assert User.objects.get(pk=system_admin.pk).roles == {Role.SYSTEM_ADMIN}


def test_a_password_is_set_anew(panel):
    user = UserFactory()
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    given = {"password1": "ett annat lösenord", "password2": "ett annat lösenord", "usable_password": "true"}
    assert panel.post(url, given).status_code == 302
    user.refresh_from_db()
    assert user.check_password("ett annat lösenord")


def test_the_demos_password_is_nobodys(panel):
    given = {"password1": DEMO_PASSWORD, "password2": DEMO_PASSWORD}
    answer = panel.post(page_of(User, "add"), NEW | given | {"roles": ["assessor"]})
    assert answer.context["adminform"].form.errors == {"password2": ["Det lösenordet är känt av alla. Välj ett annat."]}
    assert not User.objects.filter(username=NEW["username"]).exists()


def test_a_protected_client_is_in_no_list(panel, system_admin):
    hidden = ClientFactory(family_name="Hemligsson", protected=True, address__street="Hemliga gatan")
    place = InstallationFactory(address=hidden.address)
    link = ClientLinkFactory(client=hidden, unit=place.unit)
    for url in (
        page_of(type(hidden)), page_of(type(hidden.address)), page_of(type(place)), page_of(ClientLink),
        page_of(Unit, "change", place.unit.pk),
    ):  # fmt: skip
        text = panel.get(url).content.decode()
        assert ("Hemligsson" in text, "Hemliga gatan" in text) == (False, False), url
    for row in (hidden, hidden.address, place, link):
        assert panel.get(page_of(type(row), "change", row.pk)).status_code == 302
    seen = panel.get(f"{page_of(Unit, 'history', place.unit.pk)}").content.decode()
    assert "Hemliga gatan" not in seen
    assert not Look.objects.exists()


def test_a_named_system_admin_sees_a_protected_client_and_it_is_written_down(panel, system_admin):
    client = ClientFactory(family_name="Hemligsson", protected=True, readers=[system_admin])
    assert "Hemligsson" in panel.get(page_of(type(client))).content.decode()
    panel.get(page_of(type(client), "change", client.pk))
    assert [look.page for look in Look.objects.all()] == ["systemförvaltning"] * 2


def test_no_link_is_made_to_a_client_one_may_not_see(panel):
    hidden, unit = ClientFactory(protected=True), UnitFactory()
    given = {"unit": unit.pk, "since": "2026-11-01T10:00", "until": ""}
    answer = panel.post(page_of(ClientLink, "add"), given | {"client": hidden.pk})
    assert list(answer.context["adminform"].form.errors) == ["client"]
    assert panel.post(page_of(ClientLink, "add"), given | {"client": ClientFactory().pk}).status_code == 302
    assert panel.post(page_of(ClientLink, "add"), given | {"client": ClientFactory().pk, "unit": ""}).status_code == 200


def test_units_come_by_deliveries(panel):
    unit = UnitFactory()
    assert panel.get(page_of(Unit, "add")).status_code == 403
    empty = {
        f"{name}-{part}": "0" for name in ("installations", "movements") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    answer = panel.post(page_of(Unit, "change", unit.pk), {"serial": "le 9999 99", "article": unit.article.pk, **empty})
    assert answer.status_code == 302, (answer.context["adminform"].form.errors, answer.context["errors"])
    assert Unit.objects.get().serial == "LE999999"
    assert panel.get(f"{page_of(Unit)}?q=LE9999").status_code == 200


def test_names_are_not_searched_for_in_an_address(panel):
    ClientFactory(family_name="Påhittsson")
    assert 'name="q"' not in panel.get(page_of(type(ClientFactory()))).content.decode()


def test_the_municipality_is_one_row(panel):
    assert panel.get(page_of(Municipality, "add")).status_code == 200
    Municipality.ours()
    assert panel.get(page_of(Municipality, "add")).status_code == 403


def test_a_provider_is_in_house_or_external(panel):
    page = panel.get(page_of(Provider, "add"))
    assert {value for value, _ in page.context["adminform"].form.fields["kind"].choices} >= {"external", "in_house"}
    assert "locksmith" not in page.content.decode()


def test_an_articles_kind_stays(panel):
    article = ArticleFactory(battery=True)
    panel.post(
        page_of(Article, "change", article.pk), {"number": "B-1", "name": "B", "kind": "lock", "reorder_point": "3"}
    )
    article.refresh_from_db()
    assert (article.kind, article.reorder_point) == ("battery", 3)


def test_houses_and_entrances_are_put_in(panel):
    house, entrance = PropertyFactory(), EntranceFactory()
    given = {
        "street": "storgatan", "street_number": "5b", "postcode": "14430", "town": "Exempelby", "house": house.pk,
        "label": "Entré", "variant": "timer",
    }  # fmt: skip
    assert panel.post(page_of(type(entrance), "change", entrance.pk), given).status_code == 302
    entrance.refresh_from_db()
    assert str(entrance) == "Storgatan 5 B, Entré"


def test_people_are_filtered_by_what_they_do_in_the_routines_words(panel, system_admin):
    UserFactory(role=Role.ASSESSOR)
    roles = next(spec for spec in panel.get(page_of(User)).context["cl"].filter_specs if spec.title == "roll")

    assert sorted(str(label) for _pk, label in roles.lookup_choices) == ["biståndshandläggare", "systemförvaltare"]


def test_a_home_is_not_parted_from_the_door_unit_that_somebody_there_is_linked_to(panel):
    home = AddressFactory(behind_entrance=True)
    door = InstallationFactory(at_entrance=True, entrance=home.entrance)
    link = ClientLinkFactory(client=ClientFactory(address=home), unit=door.unit)
    url = page_of(Address, "change", home.pk)
    shown = as_shown_in_panel(panel, url)
    none, another = {"has_entrance": "false", "entrance": ""}, {"entrance": EntranceFactory().pk}

    for change in (none, another):
        wrong = panel.post(url, shown | change)
        assert wrong.context["adminform"].form.errors == {
            "entrance": [f"Den som bor där är kopplad till portenhet {door.unit.number}. Avsluta den kopplingen först."]
        }
    assert panel.post(url, shown | {"association_number": "14"}).status_code == 302

    link.until = timezone.now()
    link.save()
    assert panel.post(url, shown | none).status_code == 302
    home.refresh_from_db()
    assert (home.has_entrance, home.entrance) == (False, None)


def as_shown_in_panel(panel, url):
    form = panel.get(url).context["adminform"].form
    return {name: value for name, value in form.initial.items() if value is not None}
