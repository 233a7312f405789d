"""What this app holds about people, why, until when, and how it ends."""

from stoep.exchange import helping_data, lending_data

DATA = (*helping_data.DATA, *lending_data.DATA)
