// Runs `start` once for each element that matches, now and in what htmx brings later.
export function each(selector, start) {
  const startWithin = (scope) => {
    const found = [...scope.querySelectorAll(selector)];
    if (scope.matches?.(selector)) found.push(scope);
    for (const element of found) {
      if (element.dataset.started) continue;
      element.dataset.started = "true";
      start(element);
    }
  };
  startWithin(document);
  document.addEventListener("htmx:load", ({ detail }) => startWithin(detail.elt));
}
