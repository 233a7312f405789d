"""The feed at /, posts below /posts/, answers below /comments/."""

from django.urls import path

from stoep.feed import closing_views, composer_views, editing_views, search_views, views

urlpatterns = [
    path("", views.feed, name="feed"),
    path("search/", search_views.search_page, name="search"),
    path("posts/new/", composer_views.new_post, name="new_post"),
    path("posts/draft/", composer_views.autosave, name="draft"),
    path("posts/draft/photos/", composer_views.add_photos, name="draft_photos"),
    path("posts/draft/removal/", composer_views.throw_away, name="remove_draft"),
    path("posts/mine/", editing_views.my_posts, name="my_posts"),
    path("posts/", composer_views.new_post, name="posts"),
    path("posts/<uuid:post_id>/", views.post_page, name="post"),
    path("posts/<uuid:post_id>/edit/", editing_views.change_post, name="edit_post"),
    path("posts/<uuid:post_id>/photos/<uuid:photo_id>/", editing_views.change_photo, name="change_photo"),
    path("posts/<uuid:post_id>/removal/", editing_views.remove, name="remove_post"),
    path("posts/<uuid:post_id>/restoration/", editing_views.restore, name="restore_post"),
    path("posts/<uuid:post_id>/closure/", closing_views.closure, name="close_answers"),
    path("posts/<uuid:post_id>/opening/", closing_views.opening, name="open_answers"),
    path("posts/<uuid:post_id>/solution/", editing_views.solution, name="solution"),
    path("posts/<uuid:post_id>/thanks/", views.give_thanks, name="thanks"),
    path("posts/<uuid:post_id>/thanks/removal/", views.remove_thanks, name="remove_thanks"),
    path("posts/<uuid:post_id>/comments/", views.create_comment, name="comments"),
    path("comments/<uuid:comment_id>/edit/", editing_views.change_comment, name="edit_comment"),
    path("comments/<uuid:comment_id>/removal/", editing_views.remove_answer, name="remove_comment"),
    path("comments/<uuid:comment_id>/restoration/", editing_views.restore_answer, name="restore_comment"),
]
