from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "stoep.feed"
    label = "feed"

    def ready(self) -> None:
        from stoep.access import works  # apps load before models do
        from stoep.delivery.digest_lines import register_source
        from stoep.delivery.notices import register
        from stoep.feed.actions import freshen_cards, freshen_cards_of_group
        from stoep.feed.digest import SOURCE
        from stoep.feed.materials import MATERIALS
        from stoep.feed.notices import NOTICES
        from stoep.feed.pictures import OWNERS, person_changed, post_changed
        from stoep.feed.works import WORKS
        from stoep.media import owners
        from stoep.moderation import materials
        from stoep.people.changes import when_group_shown_anew, when_shown_anew

        works.register("feed", WORKS)
        for material in MATERIALS:
            materials.register(material)
        for notice in NOTICES:
            register(notice)
        for owner in OWNERS:
            owners.register(owner)
        owners.when_changed("post", post_changed)
        owners.when_changed("person", person_changed)
        when_shown_anew(freshen_cards)
        when_group_shown_anew(freshen_cards_of_group)
        register_source(SOURCE)
