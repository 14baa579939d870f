// Ctrl+K (Cmd+K) goes to the search field.
export function startSearchShortcut() {
  const field = document.getElementById("sok");
  if (!field) return;
  // Told only where there is a keyboard to press it on.
  if (matchMedia("(hover: hover) and (pointer: fine) and (width > 50em)").matches) field.placeholder += " (Ctrl+K)";
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
