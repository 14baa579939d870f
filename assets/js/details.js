// <details data-open-wide> starts open where there is room for it.
export function startWideDetails(scope) {
  if (!window.matchMedia("(min-width: 73.75em)").matches) return;
  for (const details of scope.querySelectorAll("details[data-open-wide]")) details.open = true;
}
