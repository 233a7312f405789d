import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0006_text_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PushDevice',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('endpoint', models.TextField()),
                ('endpoint_hash', models.CharField(max_length=64, unique=True)),
                ('key', models.TextField()),
                ('secret', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=100)),
                ('text', models.CharField(max_length=200)),
                ('path', models.CharField(max_length=100)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='delivery.outboxentry')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='delivery.pushdevice')),
            ],
            options={
                'verbose_name_plural': 'pushes',
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['due_at'], name='push_waiting')],
                'constraints': [models.UniqueConstraint(models.F('entry'), models.F('device'), name='push_once_an_entry_and_device')],
            },
        ),
    ]
