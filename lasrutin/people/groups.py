"""Role -> permission -> group, kept up to date after every migration."""

from lasrutin.roles import Role


def sync_groups(*, using: str = "default", **_kwargs: object) -> None:
    """Give every role its group and its permission. Safe to repeat."""
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    from lasrutin.people.models import User

    # After a flush the cached rows are gone from the database.
    ContentType.objects.clear_cache()
    content_type = ContentType.objects.db_manager(using).get_for_model(User)
    for role in Role:
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        permission, _ = Permission.objects.using(using).get_or_create(
            codename=role.permission, content_type=content_type, defaults={"name": f"Act as {role.value}"}
        )
        group.permissions.add(permission)
