"""All of the policy and all its subjects, as the walk and the other tests of every address read them."""

from dataclasses import replace

from stoep.operations.cast import Cast
from tests.access import lending_policy, own_policy, policy, subjects, together

PAGES = {**policy.PAGES, **together.PAGES, **lending_policy.LENDING, **own_policy.OWN}


def make_subjects(cast: Cast) -> subjects.Subjects:
    made = subjects.make_subjects(cast)
    made.by_kind |= together.subjects(cast)
    groups = [replace(one, args=("group", *one.args)) for one in made.of("group") if one.is_live]
    things = [replace(one, args=("item", *one.args)) for one in made.of("thing") if one.is_live]
    made.by_kind["reportable"] = [*groups, *things, *made.of("reportable")]
    return made
