"""The staff's door, all below /staff/."""

from django.urls import path

from stoep.joining import staff_views

urlpatterns = [
    path("staff/", staff_views.staff_sign_in, name="staff_sign_in"),
    path("staff/code/", staff_views.staff_code, name="staff_code"),
    path("staff/app/", staff_views.staff_app, name="staff_app"),
    path("staff/app/set-up/", staff_views.staff_app_set_up, name="staff_app_set_up"),
]
