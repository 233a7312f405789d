"""The residents' doors: joining below /join/, coming back below /sign-in/; the staff's own below /staff/."""

from django.urls import path

from stoep.joining import sign_in_views, views
from stoep.joining.staff_urls import urlpatterns as staff_urlpatterns

urlpatterns = [
    path("join/", views.code, name="join"),
    path("join/name/", views.name, name="join_name"),
    path("join/contact/", views.contact, name="join_contact"),
    path("join/own-key/", views.own_key, name="own_key"),
    path("join/no-code/", views.no_code, name="no_code"),
    path("q/<str:code>/", views.letter_link, name="letter_link"),
    path("sign-in/", sign_in_views.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in_views.sign_in_code, name="sign_in_code"),
    path("sign-in/letter/", sign_in_views.sign_in_letter, name="sign_in_letter"),
    path("sign-in/link/<str:token>/", sign_in_views.sign_in_link, name="sign_in_link"),
    path("sign-out/", sign_in_views.sign_out, name="sign_out"),
    path("e-mail/change/", sign_in_views.change_email, name="change_email"),
    path("e-mail/<str:token>/", sign_in_views.email_question, name="confirm_email"),
    *staff_urlpatterns,
]
