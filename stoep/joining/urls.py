"""Filled by its own app."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
