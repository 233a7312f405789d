import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0004_digests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('notice', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('group_id', models.UUIDField()),
                ('happened_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-id'], name='notification_of_person'), models.Index(condition=models.Q(('read_at', None)), fields=['person', 'group_id'], name='notification_unread')],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('notice'), models.F('subject_id'), name='notification_once')],
            },
        ),
    ]
