"""The desk at /desk/, and for residents /me/helped/."""

from django.urls import path

from stoep.desk import act_views, dispute_views, my_views, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/consent/", views.desk_consent, name="desk_consent"),
    path("desk/join/", views.desk_join, name="desk_join"),
    path("desk/disputes/", dispute_views.desk_disputes, name="desk_disputes"),
    path("desk/disputes/letter/", dispute_views.desk_dispute, name="desk_dispute"),
    path("desk/disputes/letter/question/", dispute_views.desk_dispute_opening, name="desk_dispute_opening"),
    path("desk/<uuid:session_id>/", views.desk_session, name="desk_session"),
    path("desk/<uuid:session_id>/message/", act_views.desk_message, name="desk_message"),
    path("desk/<uuid:session_id>/own-key/", act_views.desk_own_key, name="desk_own_key"),
    path("desk/<uuid:session_id>/letter/", act_views.desk_letter, name="desk_letter"),
    path("desk/<uuid:session_id>/e-mail/", act_views.desk_email, name="desk_email"),
    path("desk/<uuid:session_id>/phone/", act_views.desk_phone, name="desk_phone"),
    path("desk/<uuid:session_id>/mail/", act_views.desk_mail_stop, name="desk_mail_stop"),
    path("desk/<uuid:session_id>/used-letter/", act_views.desk_used_letter, name="desk_used_letter"),
    path("desk/<uuid:session_id>/name/", act_views.desk_name, name="desk_name"),
    path("desk/<uuid:session_id>/confirmation/", act_views.desk_confirmation, name="desk_confirmation"),
    path("desk/<uuid:session_id>/leaving/", act_views.desk_leaving, name="desk_leaving"),
    path("desk/<uuid:session_id>/end/", views.desk_end, name="desk_end"),
    path("desk/<uuid:session_id>/slip/", views.desk_slip, name="desk_slip"),
    path("me/helped/", my_views.helped, name="helped"),
    path("me/helped/<uuid:session_id>/end/", my_views.helped_end, name="helped_end"),
]
