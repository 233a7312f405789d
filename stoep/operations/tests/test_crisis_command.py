"""`stoep municipality crisis on|off`: of which city, since when; every page of this server knows it at once."""

from datetime import UTC, datetime

import pytest

from stoep.access.models import AccessLog
from stoep.common import clock
from stoep.operations import command_line
from stoep.operations.cast import Cast
from stoep.places.models import Municipality
from stoep.places.queries import crisis_since

Captured = pytest.CaptureFixture[str]
DONE, REFUSED, NOT_UNDERSTOOD = 0, 1, 2
FIRST, LATER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def crisis(*words: str) -> int:
    return command_line.main(("municipality", "crisis", *words))


def since(cast: Cast, slug: str = "hasselt") -> datetime | None:
    return crisis_since(cast.cities[slug].pk, clock.now())


def test_it_is_switched_on_and_off_for_the_city_that_was_named(cast: Cast, capsys: Captured) -> None:
    assert since(cast) is None, "nothing is on by default"
    with clock.frozen(FIRST):
        assert crisis("on", "--municipality", "hasselt") == DONE
        assert "Hasselt is in crisis mode since 2026-11-20 10:00." in capsys.readouterr().out
        assert since(cast) == FIRST
        assert [since(cast, slug) for slug in cast.cities if slug != "hasselt"] == [None]
    with clock.frozen(LATER):
        assert crisis("on", "--municipality", "hasselt") == DONE
        assert since(cast) == FIRST, "on again, it keeps its beginning"
        assert crisis("off", "--municipality", "hasselt") == DONE
        assert "Hasselt is not in crisis mode" in capsys.readouterr().out
        assert since(cast) is None
    noted = AccessLog.objects.filter(action="cityhall:crisis:switch", municipality=cast.cities["hasselt"])
    assert noted.count() == 3


def test_without_a_name_no_city_is_guessed(cast: Cast, capsys: Captured) -> None:
    assert crisis("on") == REFUSED
    assert "--municipality" in capsys.readouterr().err
    assert crisis("on", "--municipality", "atlantis") == REFUSED
    assert not Municipality.objects.exclude(crisis_since=None).exists()
    with pytest.raises(SystemExit) as ended:
        crisis("maybe", "--municipality", "hasselt")
    assert ended.value.code == NOT_UNDERSTOOD
    assert since(cast) is None


@pytest.mark.usefixtures("cast")
def test_a_dry_run_only_says_it(capsys: Captured) -> None:
    assert crisis("on", "--municipality", "hasselt", "--dry-run") == DONE
    assert "Would switch crisis mode of Hasselt on." in capsys.readouterr().out
    assert not Municipality.objects.exclude(crisis_since=None).exists()
    assert not AccessLog.objects.filter(action="cityhall:crisis:switch").exists()
