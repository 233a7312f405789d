"""All settings, read from the environment once. `env.example` explains every variable; a test keeps that true."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from stoep.common.logs import configure as configure_logs

ROOT = Path(__file__).resolve().parent.parent
DEMO_KEY = "the demo's key: anybody can read it in the source, so no real city may use it"
SHORTEST_KEY = 40


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def _truth(name: str) -> bool:
    return _text(name).casefold() in {"1", "true", "yes", "on"}


def _number(name: str, default: int) -> int:
    text = _text(name)
    if not text.isdigit():
        if text:
            raise ImproperlyConfigured(f"{name} must be a whole number, not “{text}”.")
        return default
    return int(text)


def _key(name: str) -> str:
    """A secret of its own, or the demo's where nothing is at stake."""
    key = _text(name)
    if IS_REHEARSAL:
        return key or f"{DEMO_KEY} ({name})"
    if len(key) < SHORTEST_KEY or key.startswith(DEMO_KEY):
        raise ImproperlyConfigured(f"{name} is missing or too weak: at least {SHORTEST_KEY} random characters.")
    return key


def _database() -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?host=/socket/folder`"""
    url = urlsplit(_text("DATABASE_URL", "postgresql:///stoep"))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must be a postgresql:// address.")
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    test_name = _text("STOEP_TEST_DATABASE", "test_stoep")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "stoep",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 600,
        # After the database was started anew, a kept connection is found dead before a page needs it, and not by it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, **query},
        "TEST": {"NAME": test_name, "TEMPLATE": "template0"},
    }


IS_DEMO = _truth("STOEP_DEMO")
IS_TEST = _truth("STOEP_TEST")
IS_REHEARSAL = IS_DEMO or IS_TEST
DEBUG = _truth("STOEP_DEBUG")
if DEBUG and not IS_REHEARSAL:
    raise ImproperlyConfigured("STOEP_DEBUG shows the inside of errors to everybody: only the demo may use it.")

SECRET_KEY = _key("STOEP_SECRET_KEY")
# Outside the database: without it nobody reads the e-mail addresses in a stolen copy, or guesses a letter's code.
STOEP_DATA_KEY = _key("STOEP_DATA_KEY")
if SECRET_KEY == STOEP_DATA_KEY:
    raise ImproperlyConfigured("STOEP_DATA_KEY must be another text than STOEP_SECRET_KEY.")
STOEP_VAR = Path(_text("STOEP_VAR") or ROOT / "var").resolve()
STOEP_HOST = _text("STOEP_HOST", "127.0.0.1")
STOEP_PORT = _number("STOEP_PORT", 8000)
# The port of the live process, where browsers reach it directly; 0: the proxy maps /live/ to it.
STOEP_LIVE_PORT = _number("STOEP_LIVE_PORT", 0)
STOEP_PROXIES = _number("STOEP_PROXIES", 0)

# Public keys of age, with blanks between them: who can open a backup.
STOEP_BACKUP_RECIPIENT = _text("STOEP_BACKUP_RECIPIENT")
# Whoever shows it may read /metrics from afar; without one only this machine may.
STOEP_METRICS_TOKEN = _text("STOEP_METRICS_TOKEN")

ALLOWED_HOSTS = ["*"] if IS_REHEARSAL else [host for host in _text("STOEP_ALLOWED_HOSTS").split(",") if host]
USES_TLS = not IS_REHEARSAL
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

APPS = [
    *["places", "people", "access", "delivery", "media", "moderation", "feed"],
    *["conversations", "joining", "neighbours", "exchange", "events"],
    *["cityhall", "rollout", "desk", "ambassadors", "privacy", "operations"],
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    *(f"stoep.{app}" for app in APPS),
]
MIDDLEWARE = [
    "config.middleware.MeasuringMiddleware",
    "config.middleware.HeadersMiddleware",
    "config.middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.BodyMiddleware",
    "config.middleware.TenantMiddleware",
    "config.middleware.PreferencesMiddleware",
    "config.middleware.WallMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

DATABASES = {"default": _database()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["stoep.people.backend.PersonBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if IS_TEST
    else ["django.contrib.auth.hashers.ScryptPasswordHasher"]
)
LOGIN_URL = "/sign-in/"
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 365 * 24 * 3600
# Two demos on one machine share a host: the port in the name keeps their cookies apart.
_cookie_suffix = f"_{STOEP_PORT}" if IS_REHEARSAL else ""
SESSION_COOKIE_NAME = ("__Host-" if USES_TLS else "") + f"stoep_session{_cookie_suffix}"
CSRF_COOKIE_NAME = ("__Host-" if USES_TLS else "") + f"stoep_csrf{_cookie_suffix}"
PREFERENCES_COOKIE_NAME = ("__Host-" if USES_TLS else "") + f"stoep_preferences{_cookie_suffix}"
DEVICE_COOKIE_NAME = ("__Host-" if USES_TLS else "") + f"stoep_device{_cookie_suffix}"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USES_TLS
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if STOEP_PROXIES else None
SECURE_SSL_REDIRECT = USES_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if USES_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False

# So long mails wait for what somebody may still take back.
UNDO_FOR = timedelta(seconds=_number("STOEP_UNDO_SECONDS", 60))

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "stoep" / app / "templates" for app in ["shell", *APPS]],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": ["config.jinja.page_context"],
        },
    },
    # allauth checks that this backend is there; every template of ours is Jinja2 (a test says so).
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Brussels"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"
WHITENOISE_ROOT = None
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
# The build puts twelve digits of the content's hash into each name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STOEP_VAR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SMTP: dict[str, Any] = {
    "host": _text("STOEP_SMTP_HOST", "127.0.0.1"),
    "port": _number("STOEP_SMTP_PORT", 25),
    "user": _text("STOEP_SMTP_USER"),
    "password": _text("STOEP_SMTP_PASSWORD"),
    "security": _text("STOEP_SMTP_SECURITY", "none" if IS_REHEARSAL else "starttls"),
    "timeout": _number("STOEP_SMTP_TIMEOUT", 20),
}
# Who handles data for the controller, as the privacy page lists them.
STOEP_PROCESSORS = _text("STOEP_PROCESSORS")
SMS: dict[str, Any] = {
    "url": _text("STOEP_SMS_URL"),
    "token": _text("STOEP_SMS_TOKEN"),
    "sender": _text("STOEP_SMS_SENDER", "Stoep"),
    "timeout": _number("STOEP_SMS_TIMEOUT", 10),
}
if SMS["url"] and not IS_REHEARSAL and not SMS["url"].startswith("https://"):
    raise ImproperlyConfigured("STOEP_SMS_URL must begin with https://: codes to sign in travel over it.")
DEFAULT_FROM_EMAIL = _text("STOEP_MAIL_FROM", "stoep@localhost")

# The key of messages on devices (`stoep push-key` makes one), and the makers of browsers whose servers may carry them.
STOEP_VAPID_KEY = _text("STOEP_VAPID_KEY")
PUSH_HOSTS = "fcm.googleapis.com,updates.push.services.mozilla.com,push.apple.com,notify.windows.com"
STOEP_PUSH_HOSTS = [host.casefold() for host in _text("STOEP_PUSH_HOSTS", PUSH_HOSTS).split(",") if host]

MFA_ADAPTER = "stoep.joining.staff_secrets.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# A passkey belongs to an address with TLS; a rehearsal is reached without, on this machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_REHEARSAL
SOCIALACCOUNT_ADAPTER = "stoep.joining.staff_providers.ProviderAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "stoep.common.logs.Mask"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "stoep.common.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["mask"],
            "formatter": "line" if IS_REHEARSAL else "json",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "procrastinate": {"level": "WARNING"}},
}

configure_logs()

SILENCED_SYSTEM_CHECKS = [
    "fields.W342",
    "security.W005",  # subdomains belong to the city, not to us
    "security.W021",  # preload is the city's own decision
]
