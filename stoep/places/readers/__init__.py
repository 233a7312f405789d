"""Read the files a city hands over: told apart by what is in them, never by their names. Nothing is written."""
