import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0002_row_locks_instead_of_leases'),
        ('people', '0005_unread_and_unreachable'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailChoices',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mail_choices', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mine', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], default='now', max_length=5)),
                ('chat', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], default='now', max_length=5)),
                ('neighbourhood', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], default='daily', max_length=5)),
                ('city', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], default='daily', max_length=5)),
                ('urgent', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], default='now', max_length=5)),
                ('is_weekly', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'mail choices',
            },
        ),
        migrations.AddField(
            model_name='mail',
            name='stream',
            field=models.CharField(blank=True, db_default='', default='', max_length=13),
        ),
    ]
