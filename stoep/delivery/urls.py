"""The bell's page, one's choices below /me/, and the link of each mail below /u/."""

from django.urls import path

from stoep.delivery import views

urlpatterns = [
    path("me/mail/", views.mail_choices, name="mail_choices"),
    path("me/mail/stop/", views.mail_stop, name="mail_stop"),
    path("me/push/", views.push, name="push"),
    path("me/push/removal/", views.push_removal, name="push_removal"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/reading/", views.notifications_reading, name="notifications_reading"),
    path("u/<text:token>/", views.stop_link, name="stop_mail"),
]
