"""How dates and times are written on screen: 23 november 2026, 14.10."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j b"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y H.i"
SHORT_DATETIME_FORMAT = "j b H.i"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
