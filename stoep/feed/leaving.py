"""What leaving hides in the feed, what coming back shows again, and what erasing leaves: at most a nameless gap.

`stoep/privacy` calls these through the declarations of `personal_data.py`. What a member of staff wrote in the name of
a department is the department's and stays; only the name goes.
"""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from stoep.feed.actions import touch
from stoep.feed.kinds import GONE
from stoep.feed.models import Comment, Post, Revision, Solution, Thanks
from stoep.people.ghosts import nobody_of
from stoep.people.models import Person


def hide_posts(person: Person, now: datetime) -> None:
    _own_posts(person).filter(removed_at=None).update(removed_at=now, removed_by=person, version=F("version") + 1)


def show_posts(person: Person, left_at: datetime) -> None:
    """Those that leaving hid; what was deleted before, or taken away since by somebody else, stays away."""
    hidden = _own_posts(person).filter(removed_at=left_at, removed_by=person)
    hidden.update(removed_at=None, removed_by=None, version=F("version") + 1)


def hide_comments(person: Person, now: datetime) -> None:
    standing = _own_comments(person).filter(removed_at=None)
    _count_answers(standing, -1)
    standing.update(removed_at=now, removed_by=person)


def show_comments(person: Person, left_at: datetime) -> None:
    hidden = _own_comments(person).filter(removed_at=left_at, removed_by=person)
    _count_answers(hidden, 1)
    hidden.update(removed_at=None, removed_by=None)


def hide_thanks(person: Person, _now: datetime) -> None:
    _thanked_by(person).update(thanks_count=F("thanks_count") - 1, version=F("version") + 1)


def show_thanks(person: Person, _left_at: datetime) -> None:
    _thanked_by(person).update(thanks_count=F("thanks_count") + 1, version=F("version") + 1)


def erase_posts(person: Person, now: datetime) -> None:
    """A post under which others wrote leaves a gap without name, words or time; the rest is gone."""
    nobody = nobody_of(person.municipality_id, now=now)
    for post in _own_posts(person):
        first = _answers_of_others(post, person).first()
        if first is None or post.removed_at != person.left_at:
            post.delete()
        else:
            _leave_gap(post, nobody, first.created_at)
    Post.objects.filter(author=person).update(author=nobody, membership=None, version=F("version") + 1)


def erase_comments(person: Person, now: datetime) -> None:
    """An answer after which others went on leaves a gap; the rest is gone. Counts know of it since the leaving."""
    nobody = nobody_of(person.municipality_id, now=now)
    for comment in _own_comments(person):
        later = _answers_of_others(comment.post, person).filter(pk__gt=comment.pk).first()
        if later is None or comment.removed_at != person.left_at:
            comment.delete()
            continue
        gap = {"body": "", "author": nobody, "membership": None, "edited_at": None, "created_at": later.created_at}
        Comment.objects.filter(pk=comment.pk).update(**gap, removed_at=None, removed_by=None)
        touch(comment.post, comment_count=F("comment_count") + 1)
    Comment.objects.filter(author=person).update(author=nobody, membership=None)


def erase_revisions(person: Person, _now: datetime) -> None:
    posts, comments = Post.objects.filter(author=person), Comment.objects.filter(author=person)
    mine = Q(of=Revision.Of.POST, subject_id__in=posts.values("pk"))
    mine |= Q(of=Revision.Of.COMMENT, subject_id__in=comments.values("pk"))
    Revision.objects.filter(mine).delete()


def _own_posts(person: Person) -> "QuerySet[Post]":
    """What this person wrote for themselves, in no department's name."""
    return Post.objects.filter(author=person, speaking_for=None).order_by("pk")


def _own_comments(person: Person) -> "QuerySet[Comment]":
    return Comment.objects.filter(author=person, speaking_for=None).order_by("pk")


def _answers_of_others(post: Post, person: Person) -> "QuerySet[Comment]":
    standing = Comment.objects.filter(post=post, removed_at=None).exclude(author=person)
    return standing.exclude(author__kind=Person.Kind.GONE).order_by("pk")


def _count_answers(comments: "QuerySet[Comment]", sign: int) -> None:
    counted = comments.order_by().values("post").annotate(number=Count("pk"))
    for each in list(counted):
        change = F("comment_count") + sign * each["number"]
        Post.objects.filter(pk=each["post"]).update(comment_count=change, version=F("version") + 1)


def _thanked_by(person: Person) -> "QuerySet[Post]":
    return Post.objects.filter(pk__in=Thanks.objects.filter(person=person).values("post"))


def _leave_gap(post: Post, nobody: Person, moment: datetime) -> None:
    """`moment`: when others began to answer, for the post's own time is the author's."""
    Thanks.objects.filter(post=post).delete()
    Solution.objects.filter(post=post).delete()
    gap = {"kind": GONE, "title": "", "body": "", "author": nobody, "membership": None, "created_at": moment}
    touch(post, **gap, edited_at=None, removed_at=None, removed_by=None, thanks_count=0, comments_open=False)
