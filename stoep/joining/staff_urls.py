"""The staff's door, all below /staff/."""

from django.urls import path

from stoep.joining import staff_passkey_views, staff_provider_views, staff_views

urlpatterns = [
    path("staff/", staff_views.staff_sign_in, name="staff_sign_in"),
    path("staff/code/", staff_views.staff_code, name="staff_code"),
    path("staff/app/", staff_views.staff_app, name="staff_app"),
    path("staff/app/set-up/", staff_views.staff_app_set_up, name="staff_app_set_up"),
    path("staff/passkey/", staff_passkey_views.staff_passkey, name="staff_passkey"),
    path("staff/passkeys/", staff_passkey_views.staff_passkeys, name="staff_passkeys"),
    path(
        "staff/passkeys/<int:passkey_id>/removal/",
        staff_passkey_views.staff_passkey_removal,
        name="staff_passkey_removal",
    ),
    path("staff/organisation/", staff_provider_views.staff_provider, name="staff_provider"),
    path("staff/organisation/back/", staff_provider_views.staff_provider_back, name="staff_provider_back"),
]
