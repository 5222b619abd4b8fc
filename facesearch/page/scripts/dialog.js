// What all dialogs do: close by their button or the backdrop, and keep the Tab key inside.
// (The browser's own trap lets it out to the browser's controls.)

export function prepareDialog(dialog) {
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest(".fs-close")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = dialog.querySelectorAll("button:not(:disabled), input, a[href], [tabindex='0']");
    const stops = [...all].filter((each) => each.getClientRects().length);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== from && stops.includes(document.activeElement)) return;
    event.preventDefault();
    to.focus();
  });
}
