"""One's own page at /settings/, and what stands beside it."""

from django.urls import path

from stoep.neighbours import (
    directory_views,
    group_views,
    helping_views,
    own_views,
    photo_views,
    profile_views,
    protecting_views,
    views,
)

urlpatterns = [
    path("theme/<text:colour>.css", views.theme, name="theme"),
    path("settings/", views.settings, name="settings"),
    path("preferences/", views.preferences, name="preferences"),
    path("me/name/", own_views.my_name, name="my_name"),
    path("me/photo/", photo_views.my_photo, name="my_photo"),
    path("me/street/", own_views.my_street, name="my_street"),
    path("me/sign-out/", own_views.everywhere, name="sign_out_everywhere"),
    path("paused/", views.suspended, name="suspended"),
    path("me/skills/", helping_views.my_skills, name="my_skills"),
    path("me/skills/dismissal/", helping_views.skills_dismissal, name="skills_dismissal"),
    path("me/protected/", protecting_views.my_protection, name="my_protection"),
    path("me/protected/removal/", protecting_views.end_protection, name="end_protection"),
    path("people/", directory_views.people, name="people"),
    path("people/map/", directory_views.people_map, name="people_map"),
    path("people/<uuid:person_id>/", profile_views.person, name="person"),
    path("people/<uuid:person_id>/block/", profile_views.block_person, name="block"),
    path("people/<uuid:person_id>/mute/", profile_views.mute_person, name="mute"),
    path("people/<uuid:person_id>/mute/removal/", profile_views.unmute_person, name="unmute"),
    path("groups/", group_views.groups, name="groups"),
    path("groups/new/", group_views.new_group, name="begin_group"),
    path("groups/<uuid:group_id>/", group_views.group, name="group"),
    path("groups/<uuid:group_id>/edit/", group_views.edit_group, name="edit_group"),
    path("groups/<uuid:group_id>/membership/", group_views.join, name="join_group"),
    path("groups/<uuid:group_id>/membership/removal/", group_views.leave, name="leave_group"),
    path("groups/<uuid:group_id>/closure/", group_views.close, name="close_group"),
    path("groups/<uuid:group_id>/members/<uuid:member_id>/admission/", group_views.admission, name="admit_to_group"),
    path("groups/<uuid:group_id>/members/<uuid:member_id>/removal/", group_views.removal, name="put_out_of_group"),
    path("me/blocks/", profile_views.blocks, name="blocks"),
    path("me/blocks/<uuid:block_id>/removal/", profile_views.remove_block, name="remove_block"),
]
