// Chips: what is asked for, to be taken away; and queries to start from.

import { button } from "./elements.js";
import { sameQuery } from "./state.js";
import { partLabel, phrase } from "./words.js";

/** Fill the list of what is asked for; `drop(part)` takes one away, `clear()` all. */
export function showChips(list, { wanted, unwanted }, about, { drop, clear }) {
  const chip = (part, word) => {
    const made = button(`fs-chip fs-chip-${word}`, `${word} ${partLabel(part, about.labels)}`);
    made.setAttribute("aria-label", `Remove ${made.textContent}`);
    made.addEventListener("click", () => drop(part));
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
export function markExample(row, query, about) {
  about.examples.forEach((example, place) => {
    row.children[place].setAttribute("aria-pressed", String(sameQuery(example, query)));
  });
}
