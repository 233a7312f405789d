"""Full text in four languages, without regard to accents, and an index over it.

`unaccent()` is not immutable, so no index may call it; a text search configuration that names it is.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION public.stoep_{code} (COPY = pg_catalog.{name});
ALTER TEXT SEARCH CONFIGURATION public.stoep_{code}
  ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.{name}_stem;
"""
LANGUAGES = {"nl": "dutch", "fr": "french", "de": "german", "en": "english"}
FUNCTIONS = """
CREATE FUNCTION public.stoep_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT strip(to_tsvector('public.stoep_nl'::regconfig, words) || to_tsvector('public.stoep_fr'::regconfig, words)
    || to_tsvector('public.stoep_de'::regconfig, words) || to_tsvector('public.stoep_en'::regconfig, words))
$$;
CREATE FUNCTION public.stoep_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT plainto_tsquery('public.stoep_nl'::regconfig, words) || plainto_tsquery('public.stoep_fr'::regconfig, words)
    || plainto_tsquery('public.stoep_de'::regconfig, words) || plainto_tsquery('public.stoep_en'::regconfig, words)
$$;
CREATE INDEX post_words ON feed_post USING gin (public.stoep_words(title || ' ' || body)) WHERE removed_at IS NULL;
CREATE INDEX comment_words ON feed_comment USING gin (public.stoep_words(body)) WHERE removed_at IS NULL;
"""
BACK = """
DROP INDEX comment_words; DROP INDEX post_words;
DROP FUNCTION public.stoep_query(text); DROP FUNCTION public.stoep_words(text);
"""


class Migration(migrations.Migration):
    dependencies = [("feed", "0001_initial")]
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        *(
            migrations.RunSQL(
                CONFIGURATION.format(code=code, name=name),
                f"DROP TEXT SEARCH CONFIGURATION public.stoep_{code}",
            )
            for code, name in LANGUAGES.items()
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
