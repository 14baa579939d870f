"""What the product writes into its logs while a whole order goes by: nothing of the client (0.6)."""

import logging

from django.urls import reverse

from locks.models import Address
from tests.papers import png_url
from tests.scenarios.told import post

TELLING = ("Gunhilda", "Loggsson", "Loggvägen", "0701740699", "070-174 06 99", "19121212", "121212-1212")


def test_no_line_tells_who_the_client_is(town, cast, caplog):
    caplog.set_level(logging.INFO)
    client = town.client(
        given_name="Gunhilda", family_name="Loggsson", phone="070-174 06 99", identity_number="191212121212"
    )
    # A street that is no street is refused to a mail, and that is a line in the log.
    Address.objects.filter(pk=client.address_id).update(street="Hos Gunhilda på Loggvägen")
    order = cast.assessor.files_new_lock(client)
    cast.fee_officer.tries(order, "order_mounting")
    Address.objects.filter(pk=client.address_id).update(street="Loggvägen")
    order = cast.linked(town.client(given_name="Gunhilda", family_name="Loggsson"))
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    cast.assessor.browser.post(reverse("orders:search"), {"q": "Gunhilda Loggsson"}, follow=True)
    cast.provider2.open(order.get_absolute_url())
    post()

    assert [record.name for record in caplog.records if record.name == "django.request"] != []
    assert [word for word in TELLING if word in caplog.text] == []
