"""Null bytes, which PostgreSQL cannot hold: a page that says what to do, wherever they come from."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db


def is_refused(response):
    return response.status_code == 400 and "Ett tecken går inte att spara" in response.content.decode()


@pytest.mark.parametrize("address", ["/kontakter/a%00b/", "/mer/?q=%00", "/mer/?%00=q", "/halsa/?a=1&b=x%00y"])
def test_in_an_address(client, address):
    assert is_refused(client.get(address))


@pytest.mark.parametrize("fields", [{"name": "a\0b"}, {"a\0": "x"}, {"name": ["a", "\0"]}])
def test_in_a_form(client, admin, fields):
    client.force_login(admin)

    assert is_refused(client.post("/kontakter/caretaker/", fields))


def test_in_a_form_with_a_file(client, admin):
    client.force_login(admin)
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-\0\0")

    assert is_refused(client.post("/kontakter/caretaker/", {"name": "a\0b", "scan": scan}))
    assert not is_refused(client.post("/kontakter/caretaker/", {"name": "ab", "scan": scan}))


def test_the_rest_of_the_form_is_kept_for_the_one_who_typed_it(client, admin, hidden):
    client.force_login(admin)
    form = hidden(client.get("/kontakter/caretaker/"))

    page = client.post("/kontakter/caretaker/", form | {"name": "Vakt\0mästarna", "email": "fel"})
    assert is_refused(page)
    assert 'href="/kontakter/caretaker/">Öppna formuläret' in page.content.decode()

    assert client.get("/kontakter/caretaker/").context["form"].data.dict()["name"] == "Vaktmästarna"


def test_a_null_byte_in_where_the_form_stands_leads_nowhere(client, admin, hidden):
    client.force_login(admin)
    form = hidden(client.get("/kontakter/caretaker/"))

    page = client.post("/kontakter/caretaker/", form | {"typed_at": "/mer/\0"})

    assert is_refused(page)
    assert "\0" not in page.content.decode()


def test_in_a_cookie(client):
    client.cookies.load('lasrutin_session="abcdefgh\\000"')

    assert is_refused(client.get("/mer/"))


def test_a_page_too_large_is_told_so(client, admin, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(admin)

    response = client.post("/kontakter/caretaker/", {"name": "x" * 2000})

    assert response.status_code == 413
    assert "för stort" in response.content.decode()
