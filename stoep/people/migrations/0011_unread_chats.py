from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='unread_chats',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
