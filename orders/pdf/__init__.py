"""Documents of the work, made when somebody asks for them."""

from orders.pdf.job_sheet import job_sheet_pdf
from orders.pdf.unit_label import unit_label_pdf

__all__ = ["job_sheet_pdf", "unit_label_pdf"]
