"""What the clock sets going. The work itself is in `orders.following`, `orders.reminding` and `orders.weekly`."""

from celery import shared_task


@shared_task(ignore_result=True)
def remind() -> None:
    """Remind those who are late, and of owners who have not answered (1.9a)."""
    from orders.reminding import remind_all

    remind_all()


@shared_task(ignore_result=True)
def remind_acute() -> None:
    """Remind of what is acute within the day (decision 0013)."""
    from orders import reminding

    reminding.remind_acute()


@shared_task(ignore_result=True)
def new_day() -> None:
    """Let rested orders go on, changes take effect, services be over: what waits for a day does not wait longer."""
    from orders import following

    following.new_day()


@shared_task(ignore_result=True)
def weekly_list() -> None:
    """Mail the list of in-house mountings to the caretakers (1.4b)."""
    from orders.weekly import send_weekly_list

    send_weekly_list()
