"""Health, and the demo's own pages."""

from django.urls import path

from stoep.operations import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("demo/", views.demo, name="demo"),
    path("demo/session/", views.demo_session, name="demo_session"),
    path("demo/styleguide/", views.styleguide, name="styleguide"),
]
