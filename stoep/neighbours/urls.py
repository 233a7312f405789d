"""One's own page at /settings/, and what stands beside it."""

from django.urls import path

from stoep.neighbours import views

urlpatterns = [
    path("theme/<str:colour>.css", views.theme, name="theme"),
    path("settings/", views.settings, name="settings"),
    path("preferences/", views.preferences, name="preferences"),
    path("paused/", views.suspended, name="suspended"),
]
