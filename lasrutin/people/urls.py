"""Logging in and out, the password, and the contact page. allauth's other pages have no address here."""

from allauth.account import views as account
from django.urls import path

from lasrutin.people import views

urlpatterns = [
    path("logga-in/", views.LogIn.as_view(), name="account_login"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("losenord/", views.PasswordChange.as_view(), name="account_change_password"),
    path("kontakter/", views.contacts, name="contacts"),
    path("kontakter/<slug:role>/", views.edit_contact, name="edit_contact"),
    path("kontakter/<slug:role>/<slug:public_id>/", views.edit_contact, name="edit_contact"),
]
