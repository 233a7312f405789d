"""The public texts, and the pages about one's own data below /me/."""

from django.urls import path

from stoep.privacy import own_views, views

urlpatterns = [
    path("house-rules/", views.house_rules, name="house_rules"),
    path("house-rules/<text:version>/", views.house_rules, name="house_rules_version"),
    path("privacy/", views.notice, name="privacy"),
    path("privacy/<text:version>/", views.notice, name="privacy_version"),
    path("me/data/", own_views.my_data, name="my_data"),
    path("me/consents/", own_views.my_consents, name="my_consents"),
    path("me/consents/<text:purpose>/withdrawal/", own_views.consent_withdrawal, name="consent_withdrawal"),
    path("me/download/", own_views.download, name="download"),
    path("me/download/<uuid:download_id>/", own_views.download_file, name="download_file"),
    path("me/leave/", own_views.leaving_page, name="leave"),
    path("me/aside/", own_views.aside_page, name="aside"),
    path("come-back/", own_views.come_back_page, name="come_back"),
    path("me/house-rules/", views.agreement, name="agreement"),
]
