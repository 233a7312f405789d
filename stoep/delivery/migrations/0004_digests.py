import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0003_mail_choices'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='digest_by_time')],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('on'), name='digest_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='DigestBatch',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('first_id', models.UUIDField()),
                ('last_id', models.UUIDField()),
                ('planned_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.neighbourhood')),
            ],
            options={
                'verbose_name_plural': 'digest batches',
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['planned_at'], name='digest_batch_waiting')],
                'constraints': [models.UniqueConstraint(models.F('neighbourhood'), models.F('on'), models.F('first_id'), name='digest_batch_once_a_day')],
            },
        ),
    ]
