"""What erasing somebody leaves of conversations: the others keep what was said to them, by nobody.

Leaving itself hides nothing: from that moment on they have no name here, and nobody can write to them. Back within 14
days, they have both again. Their own words they can delete for everybody before they go.
"""

from datetime import datetime

from stoep.conversations.models import Conversation, Message, Participant
from stoep.people.ghosts import nobody_of
from stoep.people.models import Person


def erase_messages(person: Person, now: datetime) -> None:
    Message.objects.filter(author=person).update(author=nobody_of(person.municipality_id, now=now))


def erase_participant(person: Person, _now: datetime) -> None:
    """Where nobody is left to read it, all of it goes; and nothing says any more between which two it was."""
    mine = list(Participant.objects.filter(person=person).values_list("conversation_id", flat=True))
    Participant.objects.filter(person=person).delete()
    theirs = Conversation.objects.filter(pk__in=mine)
    theirs.filter(participants=None).delete()
    theirs.update(pair=None)
