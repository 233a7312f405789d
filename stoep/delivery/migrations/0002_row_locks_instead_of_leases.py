from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(model_name='mail', name='leased_until'),
        migrations.AddField(
            model_name='outboxentry',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='outboxentry',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
