"""Conversations: who takes part, and what was said, sealed. Whoever does not take part sees nothing of them."""

from functools import cached_property
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from stoep.access.models import Grant
from stoep.common.crypto import SealedTextField
from stoep.common.ids import IdField
from stoep.people.models import Person
from stoep.people.queries import Standing
from stoep.places.models import Municipality

MESSAGE_LENGTH = 2000
MOST_IN_GROUP = 12
NOBODY: frozenset[UUID] = frozenset()


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, person: Person) -> Self:
        """Those that this neighbour takes part in; not the one of two between whom a block stands."""
        standing = person.standing
        if not standing.is_member:
            return self.none()
        inside = Participant.objects.filter(conversation=OuterRef("pk"))
        mine = self.filter(Exists(inside.filter(person=person)))
        if standing.apart:
            mine = mine.exclude(Q(is_group=False) & Exists(inside.filter(person__in=standing.apart)))
        return mine


class Conversation(models.Model):
    """Of two neighbours (`pair`: a keyed hash of both, so that they have one and no more), or of a small group."""

    id = IdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    is_group = models.BooleanField(default=False)
    pair = models.CharField(max_length=64, null=True, unique=True)
    started_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_group=False) | Q(pair=None), name="conversation_group_is_no_pair"),
        ]
        indexes = [models.Index(fields=["started_by", "created_at"], name="conversation_started")]

    def __str__(self) -> str:
        return f"conversation {self.id}"

    @cached_property
    def taking_part(self) -> frozenset[UUID]:
        return frozenset(self.participants.values_list("person_id", flat=True))

    @property
    def between(self) -> frozenset[UUID]:
        """A block between these hides it from both; of a group it hides only what the other says."""
        return NOBODY if self.is_group else self.taking_part

    @cached_property
    def is_open(self) -> bool:
        """Whether anybody would read an answer: who left and was erased reads nothing."""
        return self.participants.filter(person__left_at=None).count() > 1


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, person: Person) -> Self:
        """What stands in a conversation of mine since I take part, and what was granted to a moderator."""
        return self.filter(self._said_to(person) | self._granted_to(person.standing), removed_at=None)

    def with_gaps_for(self, person: Person) -> Self:
        """As `visible_to` for who takes part, and what was deleted: a page shows that it was, and not what."""
        return self.filter(self._said_to(person))

    def _said_to(self, person: Person) -> Q:
        mine = Conversation.objects.visible_to(person)
        there = Participant.objects.filter(person=person, joined_at__lte=OuterRef("created_at"))
        said = Q(conversation__in=mine.values("pk")) & Exists(there.filter(conversation=OuterRef("conversation")))
        return Q(said, ~Q(author__in=person.standing.apart))

    def _granted_to(self, standing: Standing) -> Q:
        return Q(pk__in=Grant.objects.open_to(standing, "message").values("subject_id"))


class Message(models.Model):
    """What one said to the others. Deleted by its author its words are gone; hidden by a moderator they wait."""

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    body: SealedTextField = SealedTextField(blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index("conversation", F("id").desc(), name="message_of_conversation"),
            models.Index(fields=["conversation", "created_at"], name="message_by_time"),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"

    @property
    def is_live(self) -> bool:
        return self.removed_at is None

    @property
    def taking_part(self) -> frozenset[UUID]:
        """Who takes part and did so already when it was said."""
        there = Participant.objects.filter(conversation=self.conversation_id, joined_at__lte=self.created_at)
        return frozenset(there.values_list("person_id", flat=True))

    @property
    def between(self) -> frozenset[UUID]:
        return frozenset({self.author_id}) | self.conversation.between


class Participant(models.Model):
    """Somebody in a conversation, and how far they have read. Whoever leaves a group has no row any more.

    `latest`: the newest message for them, by which their list is in order; `unread_count`: kept, never counted.
    """

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="participations")
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    latest = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    unread_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("conversation", "person", name="participant_once")]
        indexes = [models.Index("person", F("latest").desc(), name="participant_list")]

    def __str__(self) -> str:
        return f"participant {self.id}"
