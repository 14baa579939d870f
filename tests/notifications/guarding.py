"""Two clients to look for in a mail, and what the guard finds."""

from notifications.context import MailContext, absolute
from notifications.guard import PersonalData, PersonalDataFound, refuse_personal_data

KARIN = PersonalData(
    given_name="Karin",
    family_name="Boye",
    identity_number="191212121212",
    phones=("070-174 06 10",),
    apartment="1102",
    streets=("Storgatan 5",),
)


# A family with every trap of a name: accents, a double name, a particle, a hyphen.
ASE = PersonalData(given_name="Åse-Marie Élodie", family_name="von Söderberg-Öst", identity_number="193204630239")


def found(*parts, allowed=None, people=(KARIN, ASE), protected=False):
    try:
        refuse_personal_data(
            parts, allowed=allowed or MailContext(link=absolute("/")), people=people, protected=protected
        )
    except PersonalDataFound as error:
        return set(error.kinds)
    return set()
