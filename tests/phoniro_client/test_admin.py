"""Commands in the system administrator's panel: to read, and nothing else."""

from django.urls import reverse

from lasrutin.roles import Role
from phoniro_client import payloads
from tests.factories import ClientFactory
from tests.organisations import UserFactory

LIST = "/admin/phoniro_client/command/"


def one(command) -> str:
    return reverse("admin:phoniro_client_command_change", args=[command.pk])


def test_the_admin_reads_what_was_asked_for_and_changes_nothing(client, admin, queue, client_):
    client.force_login(admin)
    command = queue(payloads.UpsertClient(client_.public_id))
    page, detail = (client.get(address).content.decode() for address in (LIST, one(command)))
    assert "2026-00042" in page
    assert "/phoniro/?state=all&amp;order=2026-00042" in detail
    assert client_.family_name not in page + detail
    refused = [
        client.get(f"{LIST}add/"),
        client.post(one(command), {"state": "done"}),
        client.post(f"{one(command)}../delete/"),
    ]
    assert [answer.status_code for answer in refused] == [403, 403, 403]


def test_protected_clients_are_for_named_readers_here_too(client, admin, queue):
    reader = UserFactory(role=Role.SYSTEM_ADMIN)
    command = queue(payloads.UpsertClient(ClientFactory(protected=True, readers=[reader]).public_id))
    for user, status in ((admin, 302), (reader, 200)):
        client.force_login(user)
        assert client.get(one(command)).status_code == status


def test_nobody_else_comes_in(client, fee_officer, queue, client_):
    client.force_login(fee_officer)
    queue(payloads.UpsertClient(client_.public_id))
    assert client.get(LIST).status_code in {302, 403}
