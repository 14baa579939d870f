// htmx under a strict CSP, with answers the server gives on purpose (409, 422) shown and all others explained.
import htmx from "htmx.org/dist/htmx.esm.js";
import { say } from "./say.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

// Where the person was is gone with the swap: put them at the errors, at what the server points out, or at the part itself.
function keepFocus(target) {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (!lost || !target.isConnected) return;
  const goal = target.querySelector(".govuk-error-summary, [data-focus]") ?? target;
  if (!goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus();
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const target = detail.target.isConnected ? detail.target : document.getElementById(detail.target.id);
  if (target && detail.requestConfig.verb !== "get") keepFocus(target);
  const wrong = target?.querySelector(".govuk-error-summary");
  if (wrong && !document.title.startsWith("Fel: ")) document.title = `Fel: ${document.title}`;
  if (!wrong && document.title.startsWith("Fel: ")) document.title = document.title.slice(5);
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  const form = detail.elt.closest("form");
  // The session has ended: the plain form takes what was typed through the log-in page.
  if (detail.xhr.status === 401 && form?.method === "post") {
    form.submit();
    return;
  }
  say("Det gick inte att skicka. Inget är sparat, men det du skrev finns kvar här. Försök igen.");
});

document.addEventListener("htmx:sendError", () => {
  say("Ingen kontakt med servern. Inget är sparat, men det du skrev finns kvar här. Försök igen när du har täckning.");
});
