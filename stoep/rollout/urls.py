"""The rollout's addresses, all below /city/."""

from django.urls import path

from stoep.rollout import placing_views, views

urlpatterns = [
    path("city/rollout/", views.rollout, name="rollout"),
    path("city/neighbourhoods/<uuid:neighbourhood_id>/state/", views.neighbourhood_state, name="neighbourhood_state"),
    path("city/letters/", views.letters, name="letters"),
    path("city/letters/text/", views.letter_text, name="letter_text"),
    path("city/letters/text/<text:side>.png", views.letter_picture, name="letter_picture"),
    path("city/letters/streets/<uuid:neighbourhood_id>/", views.letter_streets, name="letter_streets"),
    path("city/letters/<uuid:run_id>/", views.letter_run, name="letter_run"),
    path("city/letters/<uuid:run_id>/files/", views.letter_run_files, name="letter_run_files"),
    path("city/letters/<uuid:run_id>/receipt/", views.letter_run_receipt, name="letter_run_receipt"),
    path("city/imports/", views.imports, name="imports"),
    path("city/imports/<uuid:run_id>/", views.import_run, name="import_run"),
    path("city/imports/<uuid:run_id>/application/", views.import_application, name="import_application"),
    path("city/imports/<uuid:run_id>/refusal/", views.import_refusal, name="import_refusal"),
    path("city/addresses/", placing_views.waiting, name="waiting_addresses"),
    path("city/addresses/streets/<uuid:street_id>/", placing_views.street_map, name="street_map"),
    path("city/addresses/streets/<uuid:street_id>/place/", placing_views.street_place, name="street_place"),
    path("city/addresses/<uuid:address_id>/place/", placing_views.address_place, name="address_place"),
]
