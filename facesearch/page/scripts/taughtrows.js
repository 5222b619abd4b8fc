// Rows of the panel for attributes that were taught on this page, as `panel.py` makes the others.

import { button, node } from "./elements.js";

const LEVELS = [
  // How far a lesson goes from chance to perfect on its own marks, as `panel.py` judges it.
  ["good", "Reliable", 0.75],
  ["fair", "Fair", 0.5],
  ["weak", "Unreliable", -1],
];

/** A row; `place` numbers it among those taught here. */
export function taughtRow(taught, label, place) {
  const row = node("div", "fs-row is-taught");
  row.dataset.name = taught.name;
  const ids = ["dot", "count"].map((part) => `fs-${part}-taught-${place}`);
  const box = Object.assign(document.createElement("input"), {
    type: "checkbox",
    name: "wanted",
    value: taught.name,
  });
  box.setAttribute("aria-describedby", ids.join(" "));
  const words = node("label", "");
  words.append(box, node("span", "", label));
  const count = node("span", "fs-count");
  count.id = ids[1];
  count.append(node("span", ""), node("span", "fs-aloud"));
  const change = button("fs-change", "");
  change.setAttribute("aria-label", `Change ${label}`);
  change.title = "Rename, teach further, or remove";
  const without = button("fs-without", "");
  without.setAttribute("aria-pressed", "false");
  without.setAttribute("aria-label", `Without ${label}`);
  row.append(words, change, dot(taught, ids[0]), count, without);
  return row;
}

/** How far it can be relied on, by its own marks: each is told by what was learned without it. */
function dot({ like, unlike, told_apart }, id) {
  const [level, words] = LEVELS.find(([, , least]) => 2 * told_apart - 1 >= least);
  const made = node("span", `fs-dot fs-dot-${level}`);
  made.id = id;
  made.setAttribute("role", "img");
  const share = Math.round(100 * told_apart);
  made.title = `${words}: taught by ${like} faces with it and ${unlike} without, of which ${share}% are told apart (by chance 50%)`;
  made.setAttribute("aria-label", made.title);
  return made;
}
