from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_blocks_of_a_letterbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='unread_count',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='person',
            name='unreachable_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
