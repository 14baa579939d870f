"""The job on paper, for the glove box."""

import pytest

from orders.pdf import job_sheet_pdf
from orders.pdf.job_sheet import _data
from tests.orders.jobs import SECRETS, behind_entrance, job_url
from tests.orders.walk import Walk
from tests.papers import needs_pdftotext, text_of

pytestmark = pytest.mark.django_db


def test_the_job_sheet_is_a_tagged_pdf_for_the_glove_box(town, enter):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order
    answer = enter().get(job_url(order) + "arbetsblad.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="arbetsblad-{order.number}.pdf"'
    assert (answer.content.startswith(b"%PDF-"), b"/MarkInfo" in answer.content) == (True, True)


def test_the_job_sheet_asks_what_the_page_asks(town, somebody):
    order = Walk(town).booked(somebody(address=behind_entrance(town))).order
    sheet = _data(order)

    assert [question["ask"] for question in sheet["questions"]] == [
        "Provat", "Finns det en port?", "Sitter det en portenhet?", "Vilken förening eller ägare?",
    ]  # fmt: skip
    assert [box["label"] for box in sheet["boxes"]] == ["Enhetens nummer", "Portenhetens nummer, om det sitter en"]
    assert dict(sheet["facts"])["Kontakt"] == "Omsorg Ett AB, Robin Extern, 08-465 004 11"
    assert [secret for secret in SECRETS if secret in str(sheet)] == []
    assert sheet["code"].startswith("<svg")


@needs_pdftotext
def test_the_job_sheet_fits_on_one_page(town):
    order = Walk(town).booked(town.client(address=behind_entrance(town))).order

    assert text_of(job_sheet_pdf(order)).count("\f") == 1
