from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0003_drafts")]

    operations = [
        # db_default: an older release writes drafts without it while both run.
        migrations.AddField("draft", "answers", models.TextField(blank=True, db_default="", default="")),
    ]
