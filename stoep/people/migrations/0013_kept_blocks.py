import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0012_words_of_groups_out_of_sight'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptBlock',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('mark', models.CharField(db_index=True, max_length=64)),
                ('was_set_by_gone', models.BooleanField()),
                ('with_letterbox', models.BooleanField(default=False)),
                ('kept_since', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('mark'), name='kept_block_once')],
            },
        ),
    ]
