// [data-signature]: a pad to sign on with a finger, a pen or a mouse. The picture is posted as a data URL in the hidden field;
// who cannot draw uploads a scan instead.
import SignaturePad from "signature_pad";
import { each } from "./each.js";

function start(component) {
  const canvas = component.querySelector("canvas");
  const field = component.querySelector("input[type=hidden]");
  const status = component.querySelector("[role=status]");
  component.querySelector("[data-signature-pad]").hidden = false;

  const pad = new SignaturePad(canvas, { penColor: "#10233f", backgroundColor: "#ffffff", minWidth: 1, maxWidth: 3 });

  const fit = () => {
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const strokes = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (strokes.length) pad.fromData(strokes);
    else if (field.value) pad.fromDataURL(field.value, { ratio, width: canvas.offsetWidth, height: canvas.offsetHeight });
  };

  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/png");
    status.textContent = status.dataset.signed;
  });
  component.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    field.value = "";
    status.textContent = status.dataset.empty;
  });

  let width = 0;
  new ResizeObserver(() => {
    if (canvas.offsetWidth === width) return;
    width = canvas.offsetWidth;
    fit();
  }).observe(canvas);
}

each("[data-signature]", start);
