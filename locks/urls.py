"""Addresses of the world: clients, houses, the store, units, receipts."""

from django.urls import path

from locks.views import client_forms, clients, owners, receipts, store

app_name = "locks"
urlpatterns = [
    path("brukare/", clients.clients, name="clients"),
    path("brukare/utan-las/", clients.without_lock, name="clients_without_lock"),
    path("brukare/ny/", client_forms.client_new, name="client_new"),
    path("brukare/<slug:client_id>/", clients.client, name="client"),
    path("brukare/<slug:client_id>/andra/", client_forms.client_edit, name="client_edit"),
    path("brukare/<slug:client_id>/personnummer/", clients.identity, name="client_identity"),
    path("brukare/<slug:client_id>/insatser/", client_forms.services, name="services"),
    path("brukare/<slug:client_id>/insatser/<slug:service_id>/", client_forms.service_end, name="service_end"),
    path("brukare/<slug:client_id>/lasare/", client_forms.readers, name="readers"),
    path("fastigheter/", owners.owners, name="owners"),
    path("fastigheter/ny/", owners.owner_edit, name="owner_new"),
    path("fastigheter/<slug:owner_id>/", owners.owner, name="owner"),
    path("fastigheter/<slug:owner_id>/andra/", owners.owner_edit, name="owner_edit"),
    path("fastigheter/<slug:owner_id>/svar/", owners.owner_answer, name="owner_answer"),
    path("fastigheter/<slug:owner_id>/fraga/", owners.owner_ask, name="owner_ask"),
    path("godkannanden/<slug:approval_id>/dokument/", owners.approval_document, name="approval_document"),
    path("forrad/", store.store, name="store"),
    path("forrad/enheter/", store.units, name="units"),
    path("forrad/rorelser/", store.movement_list, name="movements"),
    path("forrad/leverans/", store.delivery, name="delivery"),
    path("forrad/utlamning/", store.hand_out, name="hand_out"),
    path("forrad/inventering/", store.count, name="count"),
    path("enheter/<slug:unit_id>/", store.unit, name="unit"),
    path("enheter/<slug:unit_id>/ta-emot/", store.unit_receive, name="unit_receive"),
    path("enheter/<slug:unit_id>/kassera/", store.unit_retire, name="unit_retire"),
    path("kvittenser/<slug:receipt_id>/", receipts.receipt, name="receipt"),
    path("kvittenser/<slug:receipt_id>/pdf/", receipts.receipt_pdf, name="receipt_pdf"),
    path("kvittenser/<slug:receipt_id>/papper/", receipts.receipt_scan, name="receipt_scan"),
]
