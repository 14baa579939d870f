// data-shown-when="entrance:with_unit owner:other,new": asked for only after those answers. Without this file it is always asked.
import { each } from "./each.js";

function show(form) {
  const given = new FormData(form);
  for (const field of form.querySelectorAll("[data-shown-when]")) {
    const group = field.closest(".govuk-form-group");
    const asked = field.dataset.shownWhen.split(" ").every((condition) => {
      const [name, answers] = condition.split(":");
      return answers.split(",").some((answer) => given.getAll(name).includes(answer));
    });
    group.hidden = !asked && !group.matches(".govuk-form-group--error");
  }
}

each("[data-shown-when]", ({ form }) => {
  if (!form || form.dataset.shows) return;
  form.dataset.shows = "true";
  form.addEventListener("change", () => show(form));
  show(form);
});
