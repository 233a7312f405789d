"""The city's side at /city/ambassadors/, the ambassador's at /ambassador/."""

from django.urls import path

from stoep.ambassadors import views

urlpatterns = [
    path("city/ambassadors/", views.city_ambassadors, name="city_ambassadors"),
    path("city/ambassadors/links/<uuid:link_id>/withdrawal/", views.withdrawal, name="appointment_withdrawal"),
    path("city/ambassadors/<uuid:role_id>/release/", views.city_release, name="ambassador_release"),
    path("ambassador/", views.desk, name="ambassador"),
    path("ambassador/accept/<text:token>/", views.acceptance, name="ambassador_acceptance"),
    path("ambassador/reports/<uuid:case_id>/", views.look_at, name="ambassador_report"),
    path("ambassador/poster.pdf", views.poster, name="ambassador_poster"),
    path("ambassador/end/", views.end, name="ambassador_end"),
]
