from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0011_unread_chats'),
    ]

    operations = [
        migrations.AddField(
            model_name='group',
            name='hidden_about',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='group',
            name='hidden_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
    ]
