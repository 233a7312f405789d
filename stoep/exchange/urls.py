"""Helping, lost and found below /posts/; the shelf below /share/, loans below /loans/; and a list for the city."""

from django.urls import path

from stoep.exchange import city_requests, helping_views, lending_views, lost_found_views, shelf_views, thing_photo_views

urlpatterns = [
    path("posts/<uuid:post_id>/helpers/", helping_views.helpers, name="helpers"),
    path("posts/<uuid:post_id>/helpers/removal/", helping_views.withdrawal, name="remove_help_offer"),
    path("posts/<uuid:post_id>/helpers/<uuid:offer_id>/choice/", helping_views.choice, name="choose_helper"),
    path("posts/<uuid:post_id>/choice/removal/", helping_views.choice_removal, name="remove_choice"),
    path("posts/<uuid:post_id>/distance/", helping_views.distance, name="help_distance"),
    path("posts/<uuid:post_id>/next-door/", helping_views.next_door, name="show_next_door"),
    path("posts/<uuid:post_id>/found/", lost_found_views.found, name="found"),
    path("city/requests/", city_requests.city_requests, name="city_requests"),
    path("share/", shelf_views.shelf_page, name="shelf"),
    path("share/at-home/", shelf_views.at_home, name="at_home"),
    path("share/wishes/<uuid:post_id>/", lending_views.have_one, name="have_one"),
    path("share/<uuid:item_id>/", shelf_views.thing, name="thing"),
    path("share/<uuid:item_id>/loans/", lending_views.ask, name="ask_loan"),
    path("share/<uuid:item_id>/photo/", thing_photo_views.thing_photo, name="thing_photo"),
    path("share/<uuid:item_id>/removal/", shelf_views.remove, name="remove_thing"),
    path("loans/", lending_views.loans, name="loans"),
    path("loans/<uuid:loan_id>/", lending_views.loan_page, name="loan"),
    path("loans/<uuid:loan_id>/agreement/", lending_views.agreement, name="loan_agreement"),
    path("loans/<uuid:loan_id>/refusal/", lending_views.refusal, name="loan_refusal"),
    path("loans/<uuid:loan_id>/handover/", lending_views.handover, name="loan_handover"),
    path("loans/<uuid:loan_id>/distance/", lending_views.distance, name="loan_distance"),
    path("loans/<uuid:loan_id>/return/", lending_views.return_of, name="loan_return"),
    path("loans/<uuid:loan_id>/extension/", lending_views.extension, name="loan_extension"),
    path("loans/<uuid:loan_id>/cancellation/", lending_views.cancellation, name="loan_cancellation"),
    path("loans/<uuid:loan_id>/damage/", lending_views.damage, name="loan_damage"),
]
