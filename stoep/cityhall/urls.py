"""The city's addresses, all below /city/."""

from django.urls import path

from stoep.cityhall import app_views, look_views, views

urlpatterns = [
    path("city/", views.city, name="city"),
    path("city/announcements/", views.announcements, name="announcements"),
    path("city/announcements/new/", views.new_announcement, name="new_announcement"),
    path(
        "city/announcements/new/streets/<uuid:neighbourhood_id>/",
        views.announcement_streets,
        name="announcement_streets",
    ),
    path("city/announcements/<uuid:announcement_id>/", views.announcement, name="announcement"),
    path(
        "city/announcements/<uuid:announcement_id>/withdrawal/",
        views.announcement_withdrawal,
        name="announcement_withdrawal",
    ),
    path("city/departments/", views.departments, name="departments"),
    path("city/departments/<uuid:department_id>/closure/", views.department_closure, name="department_closure"),
    path("city/look/", look_views.look, name="look"),
    path("city/contact/", look_views.contact, name="contact"),
    path("app.webmanifest", app_views.app_manifest, name="app_manifest"),
    path("service-worker.js", app_views.service_worker, name="service_worker"),
    path("offline/<text:language>/", app_views.offline, name="offline"),
    path("logo/<text:mark>/", look_views.logo, name="logo"),
    path("icon/<text:mark>/<text:shape>.png", look_views.app_icon, name="app_icon"),
    path("city/staff/", views.staff, name="staff"),
    path("city/staff/<uuid:person_id>/reset/", views.second_factor, name="staff_reset"),
    path("city/staff/roles/<uuid:role_id>/end/", views.role_end, name="role_end"),
]
