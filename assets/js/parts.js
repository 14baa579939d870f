// Fetches signature.js and scan.js only for pages that use them; base.html says where they are.
const home = document.currentScript?.dataset ?? {};
const fetched = new Set();

export function loadPartsInUse(scope) {
  for (const part of ["signature", "scan"]) {
    const address = home[`${part}Src`];
    if (!address || fetched.has(part) || !scope.querySelector(`[data-${part}]`)) continue;
    fetched.add(part);
    document.head.append(Object.assign(document.createElement("script"), { src: address }));
  }
}
