"""The routine's tasks: every id with who is responsible and, in our own words, what it asks for."""

from dataclasses import dataclass
from functools import cache

from lasrutin.roles import Role

A, F, P, C = Role.ASSESSOR, Role.FEE_OFFICER, Role.PROVIDER, Role.COORDINATOR
K, L, S = Role.CARETAKER, Role.LOCKSMITH, Role.SYSTEM_ADMIN


@dataclass(frozen=True, slots=True)
class Row:
    """One task of the routine. `roles` is empty where the document names nobody."""

    id: str
    roles: frozenset[Role]
    task: str

    @property
    def chapter(self) -> int:
        """The chapter it stands in; 0 for the rules that hold everywhere."""
        return int(self.id.split(".")[0])


CHAPTERS = {
    0: "Regler för alla kapitel",
    1: "Nytt lås",
    2: "Felanmälan",
    3: "Nedmontering",
    4: "Flytt",
    5: "Byte av utförare",
    6: "Insats upphör, larm eller nattillsyn är kvar",
    7: "Beställning av lås och tillbehör",
    8: "Underhåll",
    9: "Kontaktuppgifter",
}

_TABLE: list[tuple[str, tuple[Role, ...], str]] = [
    ("0.1", (), "Alla med insats som lämnar ut nyckel har digitalt lås"),
    ("0.2", (), "Nyckel lämnas bara mot undertecknad kvittens"),
    ("0.3", (), "Enheter och tillbehör finns i vaktmästeriets förråd"),
    ("0.4", (), "Vaktmästeriet fakturerar montering internt enligt beslutad taxa"),
    ("0.5", (), "Leverantörer fakturerar kommunens adress med kommunens referens"),
    ("0.6", (F,), "Inga personuppgifter i mejl; skyddade uppgifter bara för utsedda läsare"),
    ("0.7", (), "Vem brukaren är skickas som säkert meddelande"),
    ("0.8", (), "Besök görs när utförarens personal är på plats"),
    ("1.1a", (A,), "Berätta om låset och lämna broschyren"),
    ("1.1b", (A,), "Berätta att utföraren kvitterar en nyckel"),
    ("1.1c", (A,), "Två nycklar när larm eller nattillsyn finns vid sidan av hemtjänst"),
    ("1.1d", (A,), "Anmäl behovet till avgiftshandläggaren"),
    ("1.2a", (P,), "Kvittera nyckeln hos brukaren"),
    ("1.2b", (P,), "Utföraren av larm eller nattillsyn kvitterar också"),
    ("1.3a", (F,), "Extern: beställ montering av vaktmästeriet, kopia till systemförvaltaren"),
    ("1.3b", (F,), "Extern: meddela systemförvaltaren vem brukaren är"),
    ("1.3c", (F,), "Egen regi: meddela samordnaren och systemförvaltaren"),
    ("1.3d", (F,), "Lägg upp brukaren i Phoniro Care"),
    ("1.4a", (K,), "Extern: ta jobbet och kontakta utföraren om tid"),
    ("1.4b", (C, K), "Egen regi: samordnaren och vaktmästeriet går igenom monteringarna varje vecka"),
    ("1.5", (P,), "Bestäm tiden och berätta den för brukaren"),
    ("1.6a", (K,), "Montera låset och rapportera numret"),
    ("1.6b", (K, S), "Går det inte att montera bestämmer systemförvaltaren"),
    ("1.6c", (K,), "Ta reda på port, portenhet och förening"),
    ("1.7a", (S,), "Koppla låsenheten till rätt brukare"),
    ("1.7b", (S,), "Koppla brukaren till utförarenheten"),
    ("1.7c", (S,), "Koppla brukaren till porten om portenhet finns"),
    ("1.8", (P,), "Lägg till användare och telefoner i Phoniro Care"),
    ("1.9a", (F,), "Stäm av fastighetsägarens godkännande"),
    ("1.9b", (F,), "Beställ portlås av låssmeden"),
    ("1.9c", (F,), "Meddela utföraren att portlås är på väg"),
    ("1.10a", (L,), "Boka tid med fastighetsägaren"),
    ("1.10b", (L, K), "Hämta portenhet och tillbehör hos vaktmästeriet"),
    ("1.10c", (L,), "Montera portlåset och rapportera numret"),
    ("1.11", (S,), "Koppla portenheten till alla som bor bakom porten"),
    ("2.1a", (P,), "Öppna med nyckel och anmäl felet"),
    ("2.1b", (P,), "Fel på brukarens lås anmäls till vaktmästeriet"),
    ("2.1c", (P,), "Fel på portlås anmäls till systemförvaltaren"),
    ("2.1d", (P,), "Varken app eller nyckel fungerar: akut"),
    ("2.1e", (), "Kommunen ersätter utlägg som felet orsakat"),
    ("2.2a", (K,), "Ta reda på felet och boka besök"),
    ("2.2b", (K,), "Systemfel lämnas till systemförvaltaren"),
    ("2.2c", (K,), "Åtgärda, byt enhet vid behov, meddela utföraren"),
    ("2.2d", (K,), "Går det inte att laga: hjälp till låssmed"),
    ("2.2e", (K,), "Dokumentera fel och åtgärd"),
    ("2.3a", (S,), "Anmäl systemfel till Phoniro Cares support"),
    ("2.3b", (S,), "Fel på portlås: kontakta låssmeden"),
    ("2.3c", (S,), "Meddela utföraren när felet är åtgärdat"),
    ("2.4", (L,), "Undersök och laga portlåset, rapportera"),
    ("3.1a", (A,), "Alla insatser har upphört, eller annat skäl"),
    ("3.1b", (A,), "Meddela avgiftshandläggaren"),
    ("3.2a", (F,), "Beställ nedmontering av vaktmästeriet, kopia till systemförvaltaren"),
    ("3.2b", (F,), "Meddela systemförvaltaren vem brukaren är"),
    ("3.3", (K,), "Ta jobbet och kontakta utföraren om tid"),
    ("3.4", (P,), "Bestäm tiden och berätta den för brukaren"),
    ("3.5a", (K,), "Montera ned och återställ brukarens eget lås"),
    ("3.5b", (K,), "Rapportera numret"),
    ("3.6a", (S,), "Koppla bort låsenheten från brukaren"),
    ("3.6b", (S,), "Bor ingen annan bakom porten ska portlåset ned"),
    ("3.7", (F,), "Beställ nedmontering av portlåset av låssmeden"),
    ("3.8a", (L,), "Boka tid med fastighetsägaren"),
    ("3.8b", (L, K), "Montera ned och lämna tillbaka till förrådet"),
    ("3.8c", (L,), "Rapportera numret"),
    ("3.9", (S,), "Ta bort portenheten från adressen"),
    ("4.1", (A,), "Meddela den nya adressen och att låset ska flyttas"),
    ("4.2a", (F,), "Beställ flytten av vaktmästeriet, kopia till systemförvaltaren"),
    ("4.2b", (F,), "Meddela systemförvaltaren vem brukaren är"),
    ("4.3", (K,), "Ta jobbet och kontakta utföraren"),
    ("4.4", (P,), "Bestäm tiden och berätta den för brukaren"),
    ("4.5a", (K,), "Flytta låset"),
    ("4.5b", (K,), "Ta reda på port, portenhet och förening på den nya adressen"),
    ("4.6a", (S,), "Koppla bort och koppla upp enheten på den nya adressen"),
    ("4.6b", (S,), "Koppla brukaren till porten om portenhet finns"),
    ("4.7a", (F,), "Bor ingen annan bakom den gamla porten ska portlåset ned"),
    ("4.7b", (F,), "En beställning till låssmeden för gamla och nya porten"),
    ("4.7c", (F,), "Meddela utföraren att portlås är på väg"),
    ("4.8a", (L,), "Gamla porten: boka tid och montera ned"),
    ("4.8b", (L, K), "Nya porten: hämta tillbehör, lämna det som inte behövs, montera"),
    ("4.8c", (L,), "Rapportera numret"),
    ("4.9", (S,), "Koppla portenheten till brukaren och adressen"),
    ("5.1a", (A,), "Berätta för den nya utföraren om låset och nycklarna"),
    ("5.1b", (A,), "Meddela systemförvaltaren"),
    ("5.2a", (P,), "Ta emot nycklarna mot kvittens"),
    ("5.2b", (P,), "Lägg till användare och telefoner"),
    ("5.3", (S,), "Koppla brukaren till rätt utförarenhet på dagen"),
    ("6.1", (A,), "Meddela vilken utförare som slutar"),
    ("6.2a", (P,), "Hemtjänstens utförare lämnar tillbaka nycklarna"),
    ("6.2b", (P,), "Larmets eller nattillsynens utförare behåller sina"),
    ("6.3", (S,), "Koppla bort brukaren från den avslutade utförarenheten"),
    ("7.1", (K,), "Säg vad som behöver beställas"),
    ("7.2", (L,), "Säg vilka portenheter som behöver beställas"),
    ("7.3a", (S,), "Beställ av Phoniro"),
    ("7.3b", (), "Leveransen tas emot i förrådet"),
    ("7.4", (K,), "Meddela låssmeden att portenheter har kommit"),
    ("8.1a", (P,), "Håll koll på batterierna"),
    ("8.1b", (P,), "Byt batteri"),
    ("8.1c", (), "Batterier hämtas hos vaktmästeriet"),
    ("9.1", (), "En sida med kontaktuppgifter per roll"),
]
ROWS: dict[str, Row] = {id_: Row(id_, frozenset(roles), task) for id_, roles, task in _TABLE}


@cache
def rows_of(chapter: int) -> tuple[Row, ...]:
    """The tasks of a chapter in the document's order."""
    return tuple(row for row in ROWS.values() if row.chapter == chapter)
