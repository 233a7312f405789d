"""The agenda, the days of events below /events/, and calendars behind addresses that nobody can guess."""

from django.urls import path

from stoep.events import calendar_views, changing_views, views

urlpatterns = [
    path("agenda/", views.agenda_page, name="agenda"),
    path("agenda/week/", views.week_page, name="agenda_week"),
    path("events/<uuid:day_id>/", views.day, name="event"),
    path("events/<uuid:day_id>/answer/", views.answer, name="event_answer"),
    path("events/<uuid:day_id>/meeting/", views.meeting, name="event_meeting"),
    path("events/<uuid:day_id>/event.ics", calendar_views.event_file, name="event_file"),
    path("events/<uuid:day_id>/details/", changing_views.details, name="event_details"),
    path("events/<uuid:day_id>/cancellation/", changing_views.cancellation, name="event_cancellation"),
    path("me/calendar/", calendar_views.my_calendar, name="my_calendar"),
    path("me/calendar/removal/", calendar_views.link_removal, name="calendar_removal"),
    path("calendar/<text:token>/agenda.ics", calendar_views.calendar, name="calendar"),
]
