"""The product's addresses, the gallery of components, and a page with a step in it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from lasrutin.gallery import STEP, ExampleForm, gallery
from lasrutin.urls import urlpatterns as addresses

PAGE = engines["django"].from_string(
    '{% extends "base.html" %}{% block title %}Steg{% endblock %}'
    '{% block content %}<h1>Steg</h1>{% include "components/step_form.html" %}{% endblock %}'
)
NAVIGATION = [{"label": "Att göra", "url": "/", "current": True, "count": 4}, {"label": "Ordrar", "url": "/ordrar/"}]


class SomebodyLoggedIn:
    """Who the page's frame greets."""

    is_authenticated = True
    works_in_orders = True

    def __str__(self) -> str:
        return "Vera Exempel"


@login_not_required
def step(request: HttpRequest) -> HttpResponse:
    """Answer a step as the order page does: its form, with what is wrong in it."""
    form = ExampleForm(request.POST or None, request.FILES or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context = {"step": STEP | {"url": request.path, "multipart": True}, "form": form, "target": "closest section"}
    if request.headers.get("HX-Request"):
        return render(request, "components/step_form.html", context, status=status)
    context |= {"user": SomebodyLoggedIn(), "role_label": "Avgiftshandläggare", "navigation": NAVIGATION}
    return HttpResponse(PAGE.render(context, request), status=status)


urlpatterns = [path("komponenter/", gallery), path("steg/", step), *addresses]
