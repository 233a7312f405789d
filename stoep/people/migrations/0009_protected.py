from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_skills'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='own_name',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='person',
            name='protected_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('own_name', ''), ('protected_at__isnull', False), _connector='OR'), name='own_name_is_kept'),
        ),
    ]
