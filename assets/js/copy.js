// <button hidden data-copy="text" data-copied="Kopierat">: shown only when this runs; answers in the [role=status] beside it.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copy refused");
}

export function startCopyButtons(scope) {
  for (const button of scope.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const status = button.parentElement.querySelector("[role=status]");
      try {
        await copy(button.dataset.copy);
        status.textContent = button.dataset.copied;
      } catch {
        status.textContent = button.dataset.notCopied;
      }
      button.focus();
    });
  }
}
