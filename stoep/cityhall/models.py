"""What departments say: the announcement behind an official post."""

from django.db import models

from stoep.common.ids import IdField
from stoep.feed.models import Post
from stoep.people.models import Department


class Announcement(models.Model):
    """An official post with its sender and the reach that its preview promised."""

    id = IdField()
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="announcement")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="announcements")
    # Letterboxes are the city's own register: exact. Members: what the places published then, added up; NULL where
    # each of them had too few to show, `members_left_out` where some had (S2, S3).
    households_reached = models.PositiveIntegerField()
    members_reached = models.PositiveIntegerField(null=True, blank=True)
    members_left_out = models.BooleanField(default=False, db_default=False)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"announcement {self.id}"
