"""Settings: every value that differs between places comes from the environment, with a safe default."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY in the environment. `make run` and `make test` do it for you.")
# One or more keys, newest first, that protect personal identity numbers in the database.
FIELD_KEYS = env.list("FIELD_KEY", default=[SECRET_KEY] if DEBUG else [])
if not FIELD_KEYS:
    raise ImproperlyConfigured("Set FIELD_KEY in the environment: it encrypts personal identity numbers.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address people reach the product at; links in mail begin with it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
DATA_DIR = Path(env.str("LASRUTIN_DATA", default=str(BASE_DIR / ".data")))

INSTALLED_APPS = [
    "lasrutin",
    "lasrutin.people",
    "lasrutin.audit",
    "locks",
    "orders",
    "notifications",
    "phoniro_client",
    "django.contrib.auth",
    "lasrutin.admin.LasrutinAdminConfig",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_fsm",
    "django_htmx",
    "guardian",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lasrutin.middleware.NullByteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lasrutin.middleware.PrivatePagesMiddleware",
    "lasrutin.middleware.KeepTypedMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lasrutin.middleware.OwnNotFoundMiddleware",
    "lasrutin.middleware.CrossedMiddleware",
    "orders.middleware.ReadingMiddleware",
]
ROOT_URLCONF = "lasrutin.urls"
WSGI_APPLICATION = "lasrutin.wsgi.application"
FORM_RENDERER = "lasrutin.forms.GovukRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lasrutin.context.page",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///lasrutin")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
# An order is fetched with twenty joins, each to one row: trying their orders out takes longer than fetching it.
if _start := env.str("DATABASE_START_OPTIONS", default="-c join_collapse_limit=2"):
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", _start)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sessions and rate limits live in PostgreSQL: losing Redis loses nothing.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "lasrutin_cache"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "lasrutin.people.backends.LoginBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "lasrutin.people.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Behind one proxy the limits count the person's own address, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/ip,5/5m/key"}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "lasrutin.people.passwords.NotOfTheDemo"},
]
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=10 * 60 * 60)
SESSION_COOKIE_NAME = "lasrutin_session"
SESSION_SERIALIZER = "lasrutin.sealing.SealedSerializer"
CSRF_COOKIE_NAME = "lasrutin_csrf"
CSRF_FAILURE_VIEW = "lasrutin.views.csrf_failure"

# HTTPS is the default; a local run on plain HTTP says so itself.
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^halsa/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("svenska"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["lasrutin.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "build" / "collected")))
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
# Receipts, approvals and scans: never served by path, only by views that check who asks.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Largest scan, signature or document that may be uploaded, in bytes.
UPLOAD_MAX_BYTES = 5 * 1024 * 1024

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Låsrutin <lasrutin@example.se>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The folder of the local mail catcher; its inbox page exists only when this is set.
CATCHER_DIR = env.str("CATCHER_DIR", default="")

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "retry_on_timeout": False}
# A wake-up that cannot be rung is dropped at once: the sweep finds the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-mail": {"task": "notifications.tasks.sweep_mail", "schedule": 30.0},
    "sweep-commands": {"task": "phoniro_client.tasks.sweep_commands", "schedule": 30.0},
    "clear-sessions": {"task": "lasrutin.tasks.clear_sessions", "schedule": crontab(hour="3", minute="20")},
    "clear-postings": {"task": "lasrutin.tasks.clear_postings", "schedule": crontab(hour="3", minute="25")},
    "new-day": {"task": "orders.tasks.new_day", "schedule": crontab(hour="0", minute="10")},
    "remind": {"task": "orders.tasks.remind", "schedule": crontab(hour="7", minute="15", day_of_week="mon-fri")},
    "remind-acute": {
        "task": "orders.tasks.remind_acute",
        "schedule": crontab(hour="6-19", minute="*/15", day_of_week="mon-fri"),
    },
    "weekly-list": {"task": "orders.tasks.weekly_list", "schedule": crontab(hour="7", minute="0", day_of_week="mon")},
}

PHONIRO_ADAPTER = env.str("PHONIRO_ADAPTER", default="manual")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "lasrutin.logs.NoPersonalData"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "from"},
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_personal_data"]},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # It quotes what it cannot read of a paper that somebody has sent.
        "pypdf": {"handlers": [], "level": "CRITICAL", "propagate": True},
    },
}
