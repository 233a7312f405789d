"""Reporting and following at /report/, /notice/ and /me/; deciding below /moderation/."""

from django.urls import path

from stoep.moderation import desk_views, views

urlpatterns = [
    path("report/<text:kind>/<uuid:subject_id>/", views.report_something, name="report"),
    path("notice/", views.notice, name="notice"),
    path("notice/<text:number>/", views.notice_receipt, name="notice_receipt"),
    path("me/reports/", views.my_reports, name="my_reports"),
    path("me/decisions/<uuid:decision_id>/objection/", views.object_to, name="objection"),
    path("moderation/", desk_views.queue, name="moderation"),
    path("moderation/cases/<uuid:case_id>/", desk_views.case, name="case"),
    path("moderation/objections/<uuid:appeal_id>/", desk_views.appeal_case, name="appeal"),
]
