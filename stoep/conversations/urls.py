"""Conversations below /chat/."""

from django.urls import path

from stoep.conversations import group_views, views

urlpatterns = [
    path("chat/", views.conversations, name="conversations"),
    path("chat/with/<uuid:person_id>/", views.write_to, name="write_to"),
    path("chat/group/", group_views.new_group, name="new_group"),
    path("chat/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("chat/<uuid:conversation_id>/messages/", views.messages, name="messages"),
    path("chat/<uuid:conversation_id>/people/", group_views.people, name="conversation_people"),
    path("chat/<uuid:conversation_id>/leaving/", group_views.leave, name="leave_conversation"),
    path("chat/messages/<uuid:message_id>/removal/", views.remove, name="remove_message"),
]
