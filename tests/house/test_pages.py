"""The pages that belong to no app."""

import pytest
from django.db import DatabaseError, connection

pytestmark = pytest.mark.django_db


def test_health_answers_without_login_and_leaves_no_cookie(client):
    response = client.get("/halsa/")

    assert (response.status_code, response.content, dict(client.cookies)) == (200, b"ok", {})


def test_health_says_so_when_the_database_is_gone(client, monkeypatch):
    def gone(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)

    assert client.get("/halsa/").status_code == 503


def test_the_accessibility_statement_is_for_everybody(client):
    response = client.get("/tillganglighet/")

    assert response.status_code == 200
    assert "Exempelby kommun" in response.content.decode()
