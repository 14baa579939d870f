// Says something in the page's live region, seen and read aloud.
export function say(text) {
  const region = document.getElementById("live");
  if (!region) return;
  const message = document.createElement("div");
  message.className = "lr-message lr-message--error";
  message.append(Object.assign(document.createElement("p"), { textContent: text }));
  region.replaceChildren(message);
  region.scrollIntoView({ block: "nearest" });
}
