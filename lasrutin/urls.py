"""Addresses: each app keeps its own; the house adds the pages that belong to nobody else."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from lasrutin import gallery, views
from lasrutin.people import views as people
from orders.views import start

Routes = list[URLPattern | URLResolver]

# The panel has no log-in of its own: ours counts failed attempts and keeps what was typed.
_panel_doors: Routes = [
    path("admin/login/", people.panel_login),
    path("admin/logout/", account.logout),
    path("admin/password_change/", people.PasswordChange.as_view()),
]
urlpatterns: Routes = [
    path("", start, name="start"),
    path("halsa/", views.health, name="health"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("mer/", views.more, name="more"),
    path("", include("lasrutin.people.urls")),
    path("", include("notifications.urls")),
    path("", include("orders.urls")),
    path("", include("locks.urls")),
    path("phoniro/", include("phoniro_client.urls")),
    *_panel_doors,
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("komponenter/", gallery.gallery, name="components"))

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
