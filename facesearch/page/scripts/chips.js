// Chips: what is asked for, to be taken away; and queries to start from.

import { button } from "./elements.js";
import { phrase } from "./words.js";

/** Fill the list of what is asked for; `drop(name)` takes one away, `clear()` all. */
export function showChips(list, { wanted, unwanted }, about, { drop, clear }) {
  const chip = (name, word) => {
    const made = button(`fs-chip fs-chip-${word}`, `${word} ${about.labels[name]}`);
    made.setAttribute("aria-label", `Remove ${word} ${about.labels[name]}`);
    made.addEventListener("click", () => drop(name));
    return made;
  };
  const chips = [...wanted.map((n) => chip(n, "with")), ...unwanted.map((n) => chip(n, "without"))];
  if (chips.length) {
    chips.push(button("fs-link fs-clear", "Clear"));
    chips.at(-1).addEventListener("click", clear);
  }
  const focused = list.contains(document.activeElement);
  list.replaceChildren(
    ...chips.map((made) => {
      const entry = document.createElement("li");
      entry.append(made);
      return entry;
    }),
  );
  if (focused) list.querySelector("button")?.focus();
}

/** Fill the row of queries to start from; `ask(query)` gets one, `surprise()` is for a random one. */
export function showExamples(row, about, { ask, surprise }) {
  const chips = about.examples.map((example) => {
    const made = button("fs-example", example.title);
    made.title = phrase(example, about.labels);
    made.addEventListener("click", () => ask(example));
    return made;
  });
  const random = button("fs-example fs-surprise", "Surprise me");
  random.addEventListener("click", surprise);
  row.replaceChildren(...chips, random);
}

/** Mark the example that is being shown. */
export function markExample(row, { wanted, unwanted }, about) {
  const same = (a, b) => a.length === b.length && a.every((name) => b.includes(name));
  about.examples.forEach((example, place) => {
    const on = same(example.wanted, wanted) && same(example.unwanted, unwanted);
    row.children[place].setAttribute("aria-pressed", String(on));
  });
}
