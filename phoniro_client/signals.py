"""What others can listen to. Both are sent inside the transaction, with `order_number`.

`command_settling` comes before the command's row is locked, so that whoever keeps the order can lock the order's row
first: order, then command, everywhere, and two people never wait for each other.
`command_settled` comes with `command` when the command is done and the register is written.
"""

from django.dispatch import Signal

command_settling = Signal()
command_settled = Signal()
