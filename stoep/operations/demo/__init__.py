"""What the demo city is made of: places, people, texts and their history. Nothing in here writes to the database."""
