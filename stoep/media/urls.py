"""Photos below /photos/: alone on a page, and in each size."""

from django.urls import path

from stoep.media import views

urlpatterns = [
    path("photos/<uuid:photo_id>/", views.photo_page, name="photo"),
    path("photos/<uuid:photo_id>/<slug:size>/", views.photo_file, name="photo_file"),
]
