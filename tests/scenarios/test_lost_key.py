"""A lost key of somebody whom the provider does not serve any more, and what becomes of the others' keys."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import KeyItem
from notifications.models import Notice
from tests.factories import PropertyOwnerFactory
from tests.papers import png_url
from tests.scenarios.actors import step_url
from tests.scenarios.homes import holders, home, with_alarm
from tests.scenarios.test_chapter_5_change import files_change, sees
from tests.scenarios.test_chapter_6_service_ends import files_end
from tests.scenarios.test_life import begun
from tests.scenarios.told import notices, state


def loses_key(cast, client):
    """The external provider reports its key lost; the order."""
    receipt = client.receipts.open().get(provider=cast.town.external)
    return begun(cast.provider, "Anmäl förlorad nyckel", receipt=str(receipt.pk), lost_on=timezone.localdate())


def loses_key_of_alarm(cast, client):
    """The provider of the alarm reports its key lost, and the cylinder is to be changed; the order."""
    receipt = client.receipts.open().get(provider=cast.town.alarm)
    order = begun(cast.provider2, "Anmäl förlorad nyckel", receipt=str(receipt.pk), lost_on=timezone.localdate())
    cast.fee_officer.takes_step(order, "decide", measure="Byt cylinder i lägenhetsdörren")
    return order


def test_a_former_provider_reports_a_lost_key_and_the_change_goes_on(clock, town, cast):
    here = home(town)
    change = files_change(cast, here.client, on=timezone.localdate(), to=town.alarm)
    assert not sees(cast.provider, here.client)

    lost = loses_key(cast, here.client)

    # There is nothing left to hand over: the new provider signs for a key from the client.
    assert holders(here.client) == set()
    cast.provider2.takes_step(change, "receive_keys", door="1", signature_drawn=png_url())
    assert holders(here.client) == {"Larmgruppen AB"}

    # The former provider reads what is decided and signs for nothing.
    cast.fee_officer.takes_step(lost, "decide", measure="Ingen kan veta vart nyckeln går: kvittera bara en ny")
    assert cast.waits(lost) == {"provider": ["Göra det som är bestämt"]}
    cast.provider.takes_step(lost, "close")
    assert state(lost) == "Klar"


def test_a_provider_whose_service_has_ended_reports_a_lost_key_and_the_end_is_complete(clock, town, cast):
    here = with_alarm(town)
    end = files_end(cast, here.client, last=timezone.localdate() - timedelta(days=1))
    assert "Lämna tillbaka nycklarna" in cast.waits(end)["provider"]

    loses_key(cast, here.client)

    assert cast.waits(end) == {"system_admin": ["Koppla bort den avslutade utföraren"]}
    assert holders(here.client) == {"Larmgruppen AB"}


def test_a_new_cylinder_means_new_keys_for_every_provider_with_one(clock, town, cast):
    here = with_alarm(town)
    old = here.client.receipts.get(provider=town.alarm)
    order = loses_key(cast, here.client)

    cast.fee_officer.takes_step(order, "decide", measure="Byt cylinder i lägenhetsdörren")

    told = cast.provider.reads(order.get_absolute_url()).text
    assert "Byt cylinder i lägenhetsdörren." in told[: told.index("Det du kan göra")]

    # The other provider holds a key that fits no more, and the caretakers' unit sits on the cylinder.
    assert ("provider2", "En dörrs cylinder byts. Kvittera nya nycklar.") in notices(order)
    told = f"Cylindern byts där {here.lock.number} sitter. Kontrollera att enheten passar."
    assert sorted(Notice.objects.filter(text=told).values_list("user__username", "url")) == [
        (name, reverse("locks:unit", args=[here.lock.public_id])) for name in ("caretaker", "caretaker2")
    ]
    assert cast.waits(order) == {
        "provider": ["Kvittera den nya nyckeln"],
        "provider2": ["Kvittera nya nycklar till dörren"],
    }

    # Nothing is done before everybody has signed.
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())
    early = cast.provider.tries(order, "close")
    assert early.status == 409
    assert "Alla utförare har inte kvitterat sin nya nyckel." in early.text

    cast.provider2.takes_step(order, "replace_key", door="1", marking="N 2", signature_drawn=png_url())
    old, new = here.client.receipts.filter(provider=town.alarm).order_by("pk")
    assert (old.ending, old.ended_on) == ("replaced", timezone.localdate())
    assert (new.ended_on, new.order_number, [item.marking for item in new.items.all()]) == (None, order.number, ["N 2"])
    assert cast.provider.tries(order, "found").status == 409

    assert cast.waits(order) == {"provider": ["Göra det som är bestämt"]}
    cast.provider.takes_step(order, "close")
    assert (state(order), holders(here.client)) == ("Klar", {"Omsorg Ett AB", "Larmgruppen AB"})


def test_where_the_owner_is_to_know_of_it_somebody_tells_them(clock, town, cast):
    entrance = town.behind_entrance(owner=PropertyOwnerFactory())
    here = home(town, entrance=entrance)
    order = loses_key(cast, here.client)
    cast.fee_officer.takes_step(order, "decide", measure="Byt cylinder och meddela fastighetsägaren")
    cast.provider.takes_step(order, "receipt_key", door="1", signature_drawn=png_url())

    assert cast.waits(order)["fee_officer"] == ["Meddela fastighetsägaren"]
    early = cast.provider.tries(order, "close")
    assert (early.status, "Fastighetsägaren är inte meddelad än." in early.text) == (409, True)
    owner = entrance.owner
    asked = cast.fee_officer.reads(step_url(order, "tell_owner"))
    assert f"Ring eller skriv: {owner.name}, {owner.contact_name}, {owner.phone}, {owner.email}." in asked.text
    cast.fee_officer.takes_step(order, "tell_owner")
    assert cast.waits(order) == {"provider": ["Göra det som är bestämt"]}
    cast.provider.takes_step(order, "close")
    assert (state(order), cast.waits(order)) == ("Klar", {})


def test_where_nobody_can_know_the_door_the_others_keep_their_keys(clock, town, cast):
    here = with_alarm(town)
    order = loses_key(cast, here.client)

    cast.fee_officer.takes_step(order, "decide", measure="Ingen kan veta vart nyckeln går: kvittera bara en ny")

    assert cast.waits(order) == {"provider": ["Kvittera den nya nyckeln"]}
    assert not Notice.objects.filter(user=cast.caretaker.user).exists()


@pytest.mark.parametrize(("said", "left"), [({"door": "1"}, {"door": 1, "tag": 1}), ({"tag": "1"}, {"door": 2})])
def test_what_is_not_lost_stays_on_a_receipt(town, cast, said, left):
    here = home(town)
    receipt = here.client.receipts.open().get()
    receipt.items.all().delete()
    KeyItem.objects.bulk_create([
        KeyItem(receipt=receipt, kind=KeyItem.Kind.DOOR, count=2), KeyItem(receipt=receipt, kind=KeyItem.Kind.TAG, count=1)
    ])  # fmt: skip

    begun(cast.provider, "Anmäl förlorad nyckel", receipt=str(receipt.pk), lost_on=timezone.localdate(), **said)

    held = here.client.receipts.open().get()
    assert dict(held.items.values_list("kind", "count")) == left


def test_a_tag_fits_the_entrance_as_before_and_goes_along_when_the_cylinder_is_new(clock, town, cast):
    here = with_alarm(town)
    other = here.client.receipts.get(provider=town.alarm)
    KeyItem.objects.create(receipt=other, kind=KeyItem.Kind.TAG, count=1)
    order = loses_key(cast, here.client)
    cast.fee_officer.takes_step(order, "decide", measure="Byt cylinder i lägenhetsdörren")

    page = cast.provider2.tries(order, "replace_key", door="1", tag="0", signature_drawn=png_url())
    assert (page.status, here.client.receipts.open().get(provider=town.alarm)) == (422, other)
    assert "Kvittensen gäller 1 st. Ta med alla, eller anmäl dem som saknas som förlorade." in " ".join(page.alerts)

    cast.provider2.takes_step(order, "replace_key", door="1", tag="1", signature_drawn=png_url())
    held = here.client.receipts.open().get(provider=town.alarm)
    assert dict(held.items.values_list("kind", "count")) == {"door": 1, "tag": 1}


def test_what_is_left_of_lost_keys_is_asked_back_with_the_order_they_were_signed_under(clock, town, cast):
    wanted = cast.ordered(town.client())
    cast.provider.takes_step(wanted, "receipt_key", door="2", signature_drawn=png_url())
    [signed] = wanted.client.receipts.open()
    begun(cast.provider, "Anmäl förlorad nyckel", receipt=str(signed.pk), lost_on=timezone.localdate(), door="1")

    cast.fee_officer.takes_step(wanted, "cancel", reason="Ordern öppnades av misstag")

    assert cast.waits(wanted)["provider"] == ["Lämna tillbaka nycklarna"]
    cast.provider.takes_step(wanted, "return_keys", to="Brukaren", on=timezone.localdate())
    assert not wanted.client.receipts.open().exists()


def test_no_key_at_all_is_no_lost_key(town, cast):
    here = home(town)
    receipt = here.client.receipts.open().get()
    page = cast.provider.reads(reverse("orders:begin", args=["lost-key"]))
    answers = {"receipt": str(receipt.pk), "lost_on": timezone.localdate(), "door": "0"}
    form, button = page.button("Fortsätt")
    answer = cast.provider.sends(form, answers, button)

    assert (answer.status, here.client.receipts.open().get()) == (422, receipt)
    assert "Ange minst en nyckel, eller lämna alla antal tomma." in " ".join(answer.alerts)


def test_whose_key_it_is_stands_there_before_it_is_sent(town, cast):
    here = home(town)
    [receipt] = here.client.receipts.open()
    asked = cast.provider.reads(reverse("orders:begin", args=["lost-key"]))

    page = cast.provider.presses(asked, "Fortsätt", receipt=str(receipt.pk), lost_on=timezone.localdate())

    assert f"Vilken kvittens? {here.client.full_name}, {here.door}" in page.text


def test_a_provider_with_many_keys_finds_the_right_one_in_a_list(town, cast):
    homes = [home(town, family_name=f"Påhittsson {letter}") for letter in "IHGFEDCBA"]
    page = cast.provider.reads(reverse("orders:begin", args=["lost-key"]))

    asked = page.button("Fortsätt")[0].fields["receipt"]
    assert asked.kind == "select"
    assert [words.partition(",")[0] for words in asked.choices.values()] == [
        "Välj i listan", *sorted(here.client.family_name for here in homes)
    ]  # fmt: skip


# The cylinder is new, and a key that fits no more goes on to somebody else


def test_a_key_that_fits_no_more_is_followed_to_whoever_gets_it(clock, town, cast):
    here = with_alarm(town)
    lost = loses_key_of_alarm(cast, here.client)
    assert cast.waits(lost)["provider"] == ["Kvittera nya nycklar till dörren"]

    change = files_change(cast, here.client, on=timezone.localdate(), to=town.in_house)
    cast.coordinator.takes_step(change, "receive_keys", door="1", signature_drawn=png_url())

    # The former provider is rid of the key; the new one is told, once, and signs for one that fits before the order closes.
    assert cast.waits(lost) == {
        "provider2": ["Kvittera den nya nyckeln"],
        "coordinator": ["Kvittera nya nycklar till dörren"],
    }
    cast.provider2.takes_step(lost, "receipt_key", door="1", signature_drawn=png_url())
    early = cast.provider2.tries(lost, "close")
    assert (early.status, "Alla utförare har inte kvitterat sin nya nyckel." in early.text) == (409, True)
    cast.coordinator.takes_step(lost, "replace_key", door="1", signature_drawn=png_url())
    old, new = here.client.receipts.filter(provider=town.in_house).order_by("pk")
    assert (old.ending, new.ended_on, new.order_number) == ("replaced", None, lost.number)
    told = "En nyckel som ni har fått passar inte längre: cylindern byts. Kvittera nya nycklar."
    assert [one for one in notices(lost) if one[0] == "coordinator"] == [("coordinator", told)]
    cast.provider2.takes_step(lost, "close")
    assert (state(lost), holders(here.client)) == ("Klar", {"Kommunens vård", "Larmgruppen AB"})


def test_what_is_left_of_keys_that_fit_no_more_is_followed_too(clock, town, cast):
    here = with_alarm(town)
    mine = here.client.receipts.open().get(provider=town.external)
    mine.items.update(count=2)
    lost = loses_key_of_alarm(cast, here.client)

    begun(cast.provider, "Anmäl förlorad nyckel", receipt=str(mine.pk), lost_on=timezone.localdate(), door="1")

    assert cast.waits(lost)["provider"] == ["Kvittera nya nycklar till dörren"]
    cast.provider.takes_step(lost, "replace_key", door="1", signature_drawn=png_url())
    assert cast.waits(lost) == {"provider2": ["Kvittera den nya nyckeln"]}


def test_a_key_that_turns_up_after_the_cylinder_was_changed_is_replaced_like_the_others(clock, town, cast):
    here = with_alarm(town)
    mine = loses_key(cast, here.client)
    lost = loses_key_of_alarm(cast, here.client)
    assert cast.waits(lost) == {"provider2": ["Kvittera den nya nyckeln"]}

    cast.provider.takes_step(mine, "found")

    assert cast.waits(lost) == {
        "provider": ["Kvittera nya nycklar till dörren"],
        "provider2": ["Kvittera den nya nyckeln"],
    }
