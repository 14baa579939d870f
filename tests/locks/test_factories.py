import pytest
from django.db import connection

from lasrutin.identifiers import IdentityNumber
from tests import factories, organisations
from tests.factories import identity_number

pytestmark = pytest.mark.django_db
FACTORIES = sorted(
    {
        made
        for made in [*vars(factories).values(), *vars(organisations).values()]
        if isinstance(made, type) and issubclass(made, organisations.Factory)
    },
    key=lambda made: made.__name__,
)


@pytest.mark.parametrize("made", [made for made in FACTORIES if not made._meta.abstract])
def test_a_factory_makes_what_the_database_takes_twice(made):
    first, second = made(), made()
    assert first.__class__ is made._meta.model
    connection.check_constraints()
    first.full_clean(validate_unique=False, validate_constraints=False)
    assert second.pk


def test_invented_people_have_numbers_of_the_test_series():
    numbers = [IdentityNumber.parse(identity_number(n)) for n in range(3000)]
    assert len({number.digits for number in numbers}) == 3000
    assert {number.digits[8:10] for number in numbers} == {"98"}
