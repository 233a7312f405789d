"""Health, metrics, and the demo's own pages."""

from django.urls import path

from stoep.operations import mailbox_pages, views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("demo/", views.demo, name="demo"),
    path("demo/session/", views.demo_session, name="demo_session"),
    path("demo/mailbox/", mailbox_pages.mailbox, name="demo_mailbox"),
    path("demo/mailbox/<text:name>/", mailbox_pages.mail, name="demo_mail"),
    path("demo/mailbox/<text:name>/page/", mailbox_pages.mail_page, name="demo_mail_page"),
    path("demo/styleguide/", views.styleguide, name="styleguide"),
]
