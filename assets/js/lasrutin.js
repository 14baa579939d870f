// Every page works without this file. It only makes the same pages quicker and quieter.
import { Button, CharacterCount, ErrorSummary, SkipLink, createAll } from "govuk-frontend";
import "./htmx.js";
import "./shown.js";
import { startCopyButtons } from "./copy.js";
import { loadPartsInUse } from "./parts.js";
import { startSearchShortcut } from "./search.js";
import { startWideDetails } from "./details.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(SkipLink);

const startWithin = (scope) => {
  createAll(Button, { preventDoubleClick: true }, scope);
  createAll(CharacterCount, {}, scope);
  createAll(ErrorSummary, {}, scope);
  startCopyButtons(scope);
  startWideDetails(scope);
  loadPartsInUse(scope);
};

startWithin(document);
startSearchShortcut();
document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) startWithin(detail.elt);
});
