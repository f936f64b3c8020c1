"""Names that stand for names.

None is longer than five letters: a removed value is looked for in what leaves
when it has six characters or more, and must not be found because another
person's surrogate happens to be that name.
"""

from __future__ import annotations


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FIRST: tuple[str, ...] = _list(
    """
    ada adam alan alba aldo alec alex alice alma amir amos amy ander andy anita anna anton april arlo
    artur asha ava axel basil bea bella ben benno berta bill bjorn blake bodo boris brent brian bruno
    caleb cara carl carla celia chad chloe chris cindy claus cleo clyde cora cyril dale dana darcy david
    dean della derek diana dirk dolly dora doris drew duke dylan earl eddie edgar edith elena eli elias
    eliza ella ellen elmer elsa emil emma enid erica ernst esme ethan eva evan ezra faith felix fiona
    flora floyd fred gail gary gavin georg gina glen grace greta guido gus hanna hans harry hazel heidi
    helen henry hilda hugo ian ida igor inga ingo irene iris isaac ivan ivy jack jacob jade james jan
    jana jane jason jay jean jenny joan joel jonas josef joyce judy jules karin karl keith kim klara
    kurt lara lars laura leah leo lewis lila lilly linda logan lola lorna lotte louis lucas lucy luis
    luke lydia mabel maja marc maria mary maud max megan mia milan mila milo mona nadia nancy nina noah
    nora norma ole olga olive oscar otis otto owen paul paula pearl peggy perry peter petra phil piper
    polly quinn ralf ramon reed remy rhea rita robin rolf rosa rose rowan ruby rufus ruth sally sam sara
    scott sean seth silas simon sofia sonja stan stef steve sven tara ted terry theo tilda timo tina
    todd tom troy ulla uma uwe vera vince viola wade wanda wendy wolf yara yuri yves zara zelda zoe
    """
)

ACCENTED: tuple[str, ...] = _list(
    """
    aimée anaïs andré ayşe béla bjørn björn césar chloé elías éloi gaël géza götz gül håkan inês inés
    iñaki iván jaś jiří joão jörg josé józef jürg käthe léa léo loïc lucía luís łucja lukáš maël mária
    matěj noël nuño ömer óscar özlem pål péter ramón raúl rené šárka şule simão søren théo tomáš tomé
    ümit věra žofie zoë
    """
)
"""For names outside of ASCII: what a shadow makes of such letters is among the things to be found out."""

KEPT_IN_NAMES: frozenset[str] = _set(
    """
    mr mrs ms miss mx dr prof sir herr frau fr hr mme mlle m jr sr ii iii iv von van der den de del
    della di da do dos das la le du zu zum zur af av bin ibn al el y e und and et
    """
)
"""Titles and particles: they tell a name's form and nobody's name."""

KEPT_IN_ADDRESSES: frozenset[str] = _set(
    """
    street st str road rd avenue ave av lane ln drive dr court ct place pl square sq boulevard blvd way
    terrace apt apartment suite unit floor flat building block box po p.o north south east west n s e w
    ne nw se sw strasse straße weg platz allee gasse ring ufer postfach haus hof rue avenue chemin quai
    impasse cedex bis calle avenida plaza paseo piso via viale piazza corso rua travessa the of am an
    der die das im in de del la le du des
    """
)

KEPT_IN_HAN_ADDRESSES: frozenset[str] = frozenset(
    "省市区县州镇乡村街路巷道号楼栋室层座单元弄里都府県町丁目番地"
)
