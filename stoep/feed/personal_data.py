"""What this app holds about people, why, until when, and how it ends."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stoep.access.requests import uuid_or_none
from stoep.feed import drafts, forgetting, leaving
from stoep.feed.kinds import KINDS
from stoep.feed.models import DRAFT_KEPT, RESTORABLE_FOR, Comment, Draft, Post, Revision, Solution, Thanks
from stoep.feed.parts import said_in
from stoep.feed.reading import groups_of, helper_name, places_of
from stoep.people.data_map import (
    Basis,
    Coded,
    Declaration,
    Deleted,
    ErasedBy,
    Exported,
    ExportedBy,
    GoesWith,
    Hiding,
    Kept,
    Unlinked,
)
from stoep.people.models import Person
from stoep.places.models import Neighbourhood

WRITTEN, DELETED, TEXT, TITLE, KIND = _("Written"), _("Deleted"), _("Text"), _("Title"), _("Kind")
READERS = _("the neighbours whom the message names, and the city if you shared it")


def _posts(person: Person) -> list[dict[str, Any]]:
    found = Post.objects.filter(author=person).select_related("audience").order_by("pk")
    plain = ("title", "body", "thanks_count", "comment_count", "created_at", "edited_at", "removed_at")
    return [{name: getattr(post, name) for name in plain} | _said_of(post) for post in found]


def _said_of(post: Post) -> dict[str, Any]:
    return {"kind": Coded(post.kind, KINDS[post.kind].label), "places": ", ".join(_places(post))}


def _places(post: Post) -> list[str]:
    return [*places_of(post.audience), *([str(_("the city"))] if post.audience.shared_with_city else [])]


def _draft(person: Person) -> list[dict[str, Any]]:
    """All that stands in the composer: its questions too, and for whom it would be."""
    draft = drafts.draft_of(person)
    if draft is None:
        return []
    kept = drafts.answers_of(draft)
    chosen = [key for each in kept.get("group", []) if (key := uuid_or_none(each))]
    group = groups_of(person).filter(pk__in=chosen).values_list("name")
    adjacent = Neighbourhood.objects.filter(pk__in=draft.adjacent).order_by("name").values_list("name")
    places = [name for (name,) in (*group, *adjacent)] + ([str(_("the city"))] if draft.shared_with_city else [])
    kind = Coded(draft.kind, KINDS[draft.kind].label) if draft.kind in KINDS else ""
    words = {"kind": kind, "title": draft.title, "body": draft.body, "answers": "\n".join(said_in(kept))}
    return [words | {"places": ", ".join(places), "updated_at": draft.updated_at}]


def _solutions(person: Person) -> list[dict[str, Any]]:
    found = Solution.objects.filter(post__author=person).select_related("post").order_by("pk")
    return [
        {"helper": helper_name(person, each.post), "thank_you": each.thank_you, "solved_at": each.solved_at}
        for each in found
    ]


def _revisions(person: Person) -> list[dict[str, Any]]:
    mine = [*Post.objects.filter(author=person).values_list("pk", flat=True)]
    mine += Comment.objects.filter(author=person).values_list("pk", flat=True)
    found = Revision.objects.filter(subject_id__in=mine).order_by("pk")
    return [{"title": each.title, "body": each.body, "replaced_at": each.replaced_at} for each in found]


DATA = (
    Declaration(
        model=Post,
        what=_("Your messages"),
        purpose=_("Neighbours read what you want to tell or ask them."),
        basis=Basis.CONTRACT,
        kept=(
            Kept(_("36 months"), forgetting.KEPT, forgetting.forget_posts),
            Kept(
                _("to lend, to give, lost and found: 6 months"),
                forgetting.SHORT_LIVED_KEPT,
                forgetting.forget_short_lived,
            ),
            Kept(_("deleted by you: 30 days"), RESTORABLE_FOR, forgetting.forget_deleted),
            Kept(_("a gap: while answers of others hang on it"), None, forgetting.forget_gaps),
        ),
        exported=ExportedBy(
            {
                "kind": KIND,
                "title": TITLE,
                "body": TEXT,
                "places": _("For whom"),
                "thanks_count": _("Thanks"),
                "comment_count": _("Answers"),
                "created_at": WRITTEN,
                "edited_at": _("Edited"),
                "removed_at": DELETED,
            },
            _posts,
        ),
        erased=(ErasedBy(_("deleted; where others answered, a gap without name or time"), leaving.erase_posts),),
        seen_by=READERS,
        hidden=Hiding(leaving.hide_posts, leaving.show_posts),
    ),
    Declaration(
        model=Comment,
        what=_("Your answers"),
        purpose=_("Neighbours read what you want to tell or ask them."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("36 months; deleted by you: 30 days"), forgetting.KEPT, forgetting.forget_comments),),
        exported=Exported(
            "author", {"body": TEXT, "created_at": WRITTEN, "edited_at": _("Edited"), "removed_at": DELETED}
        ),
        erased=(ErasedBy(_("deleted; where others went on, a gap without name or time"), leaving.erase_comments),),
        seen_by=READERS,
        hidden=Hiding(leaving.hide_comments, leaving.show_comments),
    ),
    Declaration(
        model=Thanks,
        what=_("For which messages you said thanks"),
        purpose=_("Whoever wrote it knows that it was welcome."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you take it back, or the message goes")),),
        exported=Exported("person", {"created_at": _("When")}),
        erased=(Deleted("person"), GoesWith(_("with the message"))),
        seen_by=_("nobody: only how many said thanks"),
        hidden=Hiding(leaving.hide_thanks, leaving.show_thanks),
    ),
    Declaration(
        model=Solution,
        what=_("Who helped you, and your words of thanks"),
        purpose=_("Neighbours see that help was found."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("as long as the message")),),
        exported=ExportedBy(
            {"helper": _("Who helped"), "thank_you": _("Your words"), "solved_at": _("When")}, _solutions
        ),
        erased=(Unlinked("helper"), GoesWith(_("with the message"))),
        seen_by=READERS,
    ),
    Declaration(
        model=Revision,
        what=_("What your messages said before you changed them"),
        purpose=_("Who judges a report can see what was read."),
        basis=Basis.SAFETY,
        kept=(Kept(_("as long as the message, 36 months at most"), forgetting.KEPT, forgetting.forget_revisions),),
        exported=ExportedBy({"title": TITLE, "body": TEXT, "replaced_at": _("Replaced")}, _revisions),
        erased=(ErasedBy(_("deleted"), leaving.erase_revisions),),
        seen_by=_("nobody, but for a moderator who judges a report"),
    ),
    Declaration(
        model=Draft,
        what=_("The message that you are still writing"),
        purpose=_("You find it back when something comes in between."),
        basis=Basis.CONTRACT,
        kept=(Kept(_("until you place it, 30 days after your last change"), DRAFT_KEPT, drafts.forget_old_drafts),),
        exported=ExportedBy(
            {
                "kind": KIND,
                "title": TITLE,
                "body": TEXT,
                "answers": _("Answers to our questions"),
                "places": _("Also for"),
                "updated_at": _("Changed"),
            },
            _draft,
        ),
        erased=(Deleted("author"),),
    ),
)
