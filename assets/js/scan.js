// [data-scan]: a button beside the field that reads the code with the camera, where the browser can (BarcodeDetector).
import { each } from "./each.js";

const formats = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13"];

function build(input) {
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "govuk-button govuk-button--secondary", textContent: "Skanna",
  });
  const view = Object.assign(document.createElement("div"), { className: "lr-scan__view", hidden: true });
  const video = Object.assign(document.createElement("video"), { className: "lr-scan__video", muted: true, playsInline: true });
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  view.append(video, status);
  const row = document.createElement("div");
  row.className = "lr-scan";
  input.before(row);
  row.append(input, button, view);
  return { button, view, video, status };
}

async function start(input) {
  const supported = await BarcodeDetector.getSupportedFormats();
  const readable = formats.filter((format) => supported.includes(format));
  if (!readable.length) return;
  const detector = new BarcodeDetector({ formats: readable });
  const { button, view, video, status } = build(input);
  let stream = null;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.hidden = true;
    button.textContent = "Skanna";
  };

  const look = async () => {
    if (!stream) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return void setTimeout(look, 150);
    input.value = code.rawValue.trim();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    navigator.vibrate?.(80);
    stop();
    button.textContent = "Skanna igen";
    input.focus();
  };

  button.addEventListener("click", async () => {
    if (stream) return stop();
    view.hidden = false;
    status.textContent = "Håll koden framför kameran.";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      await video.play();
      button.textContent = "Avbryt";
      look();
    } catch {
      stop();
      view.hidden = false;
      status.textContent = "Kameran gick inte att starta. Skriv numret för hand.";
    }
  });
}

if ("BarcodeDetector" in window && navigator.mediaDevices) each("[data-scan]", start);
