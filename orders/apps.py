"""The app of the work."""

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_migrate, post_save


class OrdersConfig(AppConfig):
    """The work: what is to be done, by whom, next."""

    name = "orders"
    verbose_name = "Ordrar"

    def ready(self) -> None:
        """Check the routines, declare their words, keep the database's table of moves, and go on when Phoniro Care is done."""
        from lasrutin.order_labels import register_orders
        from lasrutin.people.models import User
        from locks.answers_due import register_answer_due
        from locks.panels import register_owner_panel, register_panel, register_unit_panel
        from locks.services.clients import register_locks_coming
        from locks.signals import approval_decided, client_changed, owner_asked
        from orders import (
            checks,  # registers the checks
            following,
        )
        from orders.asking import declare_tasks
        from orders.edges import sync_edges
        from orders.models import Order
        from orders.owners import answer_due
        from orders.panels import door_of_client, doors_of_owner, faults_of_unit, filing_about, orders_about
        from orders.phoniro import phone_names, typed_in_by
        from orders.presenting import headings, words
        from orders.protection import hidden_orders
        from phoniro_client.due_days import DueDays, register_due_days
        from phoniro_client.headings import Headings, register_headings
        from phoniro_client.phones import register_phone_names
        from phoniro_client.signals import command_settled, command_settling

        post_migrate.connect(sync_edges, sender=self, dispatch_uid="orders.sync_edges")
        command_settling.connect(following.hold_order, dispatch_uid="orders.hold_order")
        command_settled.connect(following.go_on, dispatch_uid="orders.go_on")
        owner_asked.connect(following.asked_or_answered, dispatch_uid="orders.owner_asked")
        approval_decided.connect(following.asked_or_answered, dispatch_uid="orders.owner_answered")
        post_save.connect(following.person_saved, sender=User, dispatch_uid="orders.person_saved")
        m2m_changed.connect(following.roles_changed, sender=User.groups.through, dispatch_uid="orders.roles_changed")
        client_changed.connect(following.client_changed, dispatch_uid="orders.client_changed")
        for panel in (orders_about, filing_about, door_of_client):
            register_panel(panel)
        register_unit_panel(faults_of_unit)
        register_owner_panel(doors_of_owner)
        register_orders(hidden=hidden_orders, visible=Order.objects.visible_to)
        register_phone_names(phone_names)
        register_due_days(DueDays(typed_in_by, words.due_tag))
        register_headings(Headings(headings.about, headings.said))
        register_answer_due(answer_due)
        register_locks_coming(following.locks_coming)
        declare_tasks()
        assert checks.__name__
