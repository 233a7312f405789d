"""Every address of the site, app by app. Operations adds the demo's own pages only where it is a demo."""

from django.urls import include, path

from stoep.common import paths

paths.register()

urlpatterns = [
    path("", include("stoep.feed.urls")),
    path("", include("stoep.media.urls")),
    path("", include("stoep.joining.urls")),
    path("", include("stoep.delivery.urls")),
    path("", include("stoep.conversations.urls")),
    path("", include("stoep.neighbours.urls")),
    path("", include("stoep.moderation.urls")),
    path("", include("stoep.exchange.urls")),
    path("", include("stoep.events.urls")),
    path("", include("stoep.cityhall.urls")),
    path("", include("stoep.ambassadors.urls")),
    path("", include("stoep.rollout.urls")),
    path("", include("stoep.privacy.urls")),
    path("", include("stoep.desk.urls")),
    path("", include("stoep.operations.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
