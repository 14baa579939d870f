"""What can be asked of Phoniro Care, as words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """One change in Phoniro Care. The label says what a person does there when nobody's machine does it."""

    UPSERT_CLIENT = "upsert_client", _("Lägg in brukaren")
    UPSERT_PLACE = "upsert_place", _("Lägg in platsen")
    REGISTER_DEVICE = "register_device", _("Lägg in enheten")
    LINK_DEVICE = "link_device", _("Koppla enheten till platsen")
    UNLINK_DEVICE = "unlink_device", _("Koppla bort enheten från platsen")
    ATTACH_CLIENT = "attach_client", _("Koppla brukaren till platsen")
    DETACH_CLIENT = "detach_client", _("Koppla bort brukaren från platsen")
    UPSERT_UNIT = "upsert_unit", _("Lägg in utförarenheten")
    LINK_CLIENT_UNIT = "link_client_unit", _("Koppla brukaren till utförarenheten")
    MOVE_CLIENT_UNIT = "move_client_unit", _("Flytta brukaren till en annan utförarenhet")
    END_CLIENT_UNIT = "end_client_unit", _("Koppla bort brukaren från utförarenheten")
    BLOCK_PHONE = "block_phone", _("Spärra telefonen")
    CREATE_SUPPORT_CASE = "create_support_case", _("Anmäl felet till supporten")


class PlaceKind(models.TextChoices):
    """Phoniro Care keeps homes and main entrances apart."""

    HOME = "home", _("bostad")
    ENTRANCE = "entrance", _("entré")


class DeviceKind(models.TextChoices):
    """What a unit is in Phoniro Care's words."""

    HOME_LOCK = "home_lock", _("låsenhet")
    ENTRANCE_LOCK = "entrance_lock", _("portenhet")


class SupportCategory(models.TextChoices):
    """What a support case is about. Chosen from a list: no free text leaves with it."""

    DOES_NOT_OPEN = "does_not_open", _("Enheten öppnar inte")
    APP = "app", _("Fel i appen")
    BATTERY = "battery", _("Fel batterinivå")
    LINKS = "links", _("Fel i kopplingarna")
    OTHER = "other", _("Annat systemfel")
