import os
import signal
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from lasrutin.local.processes import free_port
from notifications import catcher, caught
from notifications.tasks import send_mail


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEBUG = True
    settings.CATCHER_DIR = str(tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def catching(folder, settings):
    server = catcher.catching(folder, free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_the_product_can_be_read_in_the_inbox(client, queue, catching, folder):
    row = queue(template="time_settled", cc=["system@example.se"])
    send_mail(row.pk)
    [name] = caught.names(folder)
    page = client.get("/inkorg/").content.decode()
    assert "2026-00042 Tiden är bestämd" in page
    assert "vaktmastare@example.se, system@example.se" in page
    mail = client.get(f"/inkorg/{name}/").content.decode()
    assert "Tiden för besöket är bestämd." in mail
    assert '<a href="http://testserver/ordrar/2026-00042/"' in mail
    assert "&lt;p&gt;Tiden" in mail
    assert "BEGIN:VCALENDAR" in mail
    assert "besok-2026-00042.ics" in mail
    assert row.message_id.strip("<>") in mail.replace("<wbr>", "")


@pytest.mark.django_db
def test_markup_in_a_caught_mail_is_shown_and_not_run(client, folder):
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "<script>alert(1)</script>", "a@example.se"
    mail.set_content("<script>alert(2)</script>")
    catcher.Keeper(folder).keep(mail.as_bytes())
    [name] = caught.names(folder)
    for url in ("/inkorg/", f"/inkorg/{name}/"):
        assert "<script>alert" not in client.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"Subject: =?utf-8?q?=FF?=\n\n\xff\xfe", b"Content-Type: multipart/mixed\n\nx"]
)
def test_whatever_comes_can_be_shown(client, folder, content):
    catcher.Keeper(folder).keep(content)
    [name] = caught.names(folder)
    assert client.get("/inkorg/").status_code == 200
    assert client.get(f"/inkorg/{name}/").status_code == 200


@pytest.mark.django_db
def test_the_inbox_is_there_on_a_local_run_only(client, folder, settings):
    assert "Inga mejl än" in client.get("/inkorg/").content.decode()
    settings.CATCHER_DIR = ""
    assert client.get("/inkorg/").status_code == 404
    settings.CATCHER_DIR, settings.DEBUG = str(folder), False
    assert client.get("/inkorg/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "20261123T101010123456-abcdefghijkm", "settings"])
def test_an_unknown_name_leads_nowhere(client, folder, name):
    assert client.get(f"/inkorg/{name}/").status_code == 404


def test_the_oldest_go_when_there_are_too_many(folder, monkeypatch):
    monkeypatch.setattr(catcher, "KEPT", 3)
    keeper = catcher.Keeper(folder)
    for number in range(5):
        keeper.keep(f"Subject: {number}\n\n".encode())
    assert [caught.read(folder, name).subject for name in caught.names(folder)] == ["4", "3", "2"]


@pytest.mark.parametrize("end_with", [signal.SIGTERM, signal.SIGINT])
def test_the_command_catches_and_stops_in_good_order(tmp_path, end_with):
    port = free_port()
    command = [sys.executable, "manage.py", "catch_mail", "--port", str(port), "--dir", str(tmp_path / "mail")]
    process = subprocess.Popen(command, env=os.environ, stderr=subprocess.PIPE)
    try:
        send_when_up(port)
        process.send_signal(end_with)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert [caught.read(tmp_path / "mail", name).text.strip() for name in caught.names(tmp_path / "mail")] == ["Hej"]


def send_when_up(port):
    deadline = time.monotonic() + 20
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:
                server.sendmail("a@example.se", ["b@example.se"], "Subject: x\r\n\r\nHej")
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
