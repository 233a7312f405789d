import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_words_for_choices'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='skills_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='PersonSkill',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('skill', models.CharField(max_length=20)),
                ('created_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['skill'], name='person_skill')],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('skill'), name='skill_once_a_person')],
            },
        ),
    ]
