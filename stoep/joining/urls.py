"""The residents' doors: joining below /join/, coming back below /sign-in/; the staff's own below /staff/.

And what the letter promises to who wants none of it.
"""

from django.urls import path

from stoep.joining import (
    for_somebody_views,
    home_views,
    inviting_views,
    no_letters_views,
    phone_views,
    proving_views,
    sign_in_views,
    views,
)
from stoep.joining.staff_urls import urlpatterns as staff_urlpatterns

urlpatterns = [
    path("join/", views.code, name="join"),
    path("join/name/", views.name, name="join_name"),
    path("join/contact/", views.contact, name="join_contact"),
    path("join/own-key/", views.own_key, name="own_key"),
    path("join/for-somebody/", for_somebody_views.join_for_somebody, name="join_for_somebody"),
    path("join/for-somebody/card/", for_somebody_views.return_card, name="return_card"),
    path("join/invited/", views.invited, name="join_invited"),
    path("join/dispute/", views.dispute, name="join_dispute"),
    path("join/letter/", views.ask_for_letter, name="ask_letter"),
    path("no-letters/", no_letters_views.no_letters, name="no_letters"),
    path("city/no-letters/", no_letters_views.no_letters_to, name="no_letters_to"),
    path("join/no-code/", views.no_code, name="no_code"),
    path("i/<text:token>/", views.invitation_link, name="invitation_link"),
    path("q/<text:code>/", views.letter_link, name="letter_link"),
    path("sign-in/", sign_in_views.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in_views.sign_in_code, name="sign_in_code"),
    path("sign-in/sms/", phone_views.sign_in_text, name="sign_in_text"),
    path("sign-in/sms/code/", phone_views.sign_in_text_code, name="sign_in_text_code"),
    path("sign-in/letter/", sign_in_views.sign_in_letter, name="sign_in_letter"),
    path("sign-in/link/<text:token>/", sign_in_views.sign_in_link, name="sign_in_link"),
    path("prove/", proving_views.prove, name="prove"),
    path("sign-out/", sign_in_views.sign_out, name="sign_out"),
    path("e-mail/change/", sign_in_views.change_email, name="change_email"),
    path("e-mail/<text:token>/", sign_in_views.email_question, name="confirm_email"),
    path("me/invite/", inviting_views.invitations, name="invitations"),
    path("me/invite/<uuid:pk>/flyer.pdf", inviting_views.flyer, name="invitation_flyer"),
    path("me/invite/<uuid:pk>/end/", inviting_views.end, name="invitation_end"),
    path("me/home/", home_views.moving, name="moving"),
    path("me/phone/", phone_views.my_phone, name="my_phone"),
    path("me/phone/delete/", phone_views.forget_phone, name="forget_phone"),
    path("phone/<text:token>/", phone_views.number_question, name="confirm_phone"),
    path("me/known/", inviting_views.known, name="known"),
    path("know/<uuid:pk>/", inviting_views.know, name="know"),
    *staff_urlpatterns,
]
