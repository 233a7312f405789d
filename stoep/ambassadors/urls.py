"""The city's side at /city/ambassadors/, the ambassador's at /ambassador/, a newcomer's hello at /me/hello/."""

from django.urls import path

from stoep.ambassadors import views, welcoming_views

urlpatterns = [
    path("city/ambassadors/", views.city_ambassadors, name="city_ambassadors"),
    path("city/ambassadors/links/<uuid:link_id>/withdrawal/", views.withdrawal, name="appointment_withdrawal"),
    path("city/ambassadors/<uuid:role_id>/release/", views.city_release, name="ambassador_release"),
    path("ambassador/", views.desk, name="ambassador"),
    path("ambassador/accept/<text:token>/", views.acceptance, name="ambassador_acceptance"),
    path("ambassador/reports/<uuid:case_id>/", views.look_at, name="ambassador_report"),
    path("ambassador/newcomers/<uuid:person_id>/", welcoming_views.newcomer, name="newcomer"),
    path("ambassador/newcomers/<uuid:person_id>/welcomed/", welcoming_views.welcomed, name="welcomed"),
    path("me/hello/dismissal/", welcoming_views.hello_dismissal, name="hello_dismissal"),
    path("ambassador/poster.pdf", views.poster, name="ambassador_poster"),
    path("ambassador/end/", views.end, name="ambassador_end"),
]
