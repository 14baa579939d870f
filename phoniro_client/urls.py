"""Addresses of the tasks in Phoniro Care."""

from django.urls import path

from phoniro_client import views

app_name = "phoniro_client"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("<uuid:key>/klart/", views.confirm, name="confirm"),
    path("<uuid:key>/igen/", views.retry, name="retry"),
    path("order/<slug:order_number>/klart/", views.confirm_all, name="confirm_all"),
]
