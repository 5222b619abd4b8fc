// Chips: what is asked for, to be taken away; and queries to start from.

import { button, node } from "./elements.js";
import { joined, lacking, parted, sameQuery, shortened } from "./query.js";
import { phrase } from "./words.js";

/** Fill the list of what is asked for. `on` has drop(name), which takes an attribute away, stay(names),
 *  faces that move the search, clear(), all, and set(wanted), which puts other parts in place of
 *  those wanted; image(name) is a face's picture. */
export function showChips(list, { wanted, unwanted, more, fewer }, about, on) {
  const chip = (name, text, said = text) => {
    const made = button(`fs-chip fs-chip-${said.split(" ")[0]}`, text);
    made.setAttribute("aria-label", `Remove ${said}`);
    made.addEventListener("click", () => on.drop(name));
    return made;
  };
  const joint = (word, other, between, change) => {
    const made = button("fs-joint", word);
    made.title = `${between}; click for “${other}”`;
    made.setAttribute("aria-label", `${between}: make it ${other}`);
    made.addEventListener("click", () => on.set(change()));
    return made;
  };
  const chips = wanted.flatMap((part, place) => {
    const names = [part].flat();
    const words = shortened(names, about.labels);
    const set = names.flatMap((name, at) => {
      const said = `with ${about.labels[name]}`;
      if (!at) return [chip(name, `with ${words[at]}`, said)];
      const or = joint("or", "and", "Any of these", () => parted(wanted, place, at));
      return [or, chip(name, words[at], said)];
    });
    if (!place) return set;
    return [joint("and", "or", "All of these", () => joined(wanted, place - 1)), ...set];
  });
  chips.push(...unwanted.map((name) => chip(name, lacking(about.labels[name]))));
  if (more.length) chips.push(faces("more", more, on));
  if (fewer.length) chips.push(faces("fewer", fewer, on));
  if (chips.length) {
    chips.push(button("fs-link fs-clear", "Clear"));
    chips.at(-1).addEventListener("click", on.clear);
  }
  const focused = list.contains(document.activeElement) && label(document.activeElement);
  list.replaceChildren(
    ...chips.map((made) => {
      const entry = document.createElement("li");
      entry.append(made);
      return entry;
    }),
  );
  if (!focused) return;
  const buttons = [...list.querySelectorAll("button")];
  (buttons.find((each) => label(each) === focused) ?? buttons[0])?.focus();
}

function label(chip) {
  return chip.getAttribute("aria-label") ?? chip.textContent;
}

/** The faces of which there should be "more" or "fewer" like these, each to be taken away. */
function faces(side, names, { stay, image }) {
  const set = node("span", `fs-moved fs-moved-${side}`, `${side} like `);
  set.append(
    ...names.map((name) => {
      const made = button("fs-moved-face", image(name) ? "" : name);
      made.setAttribute("aria-label", `Remove ${side} like ${name}`);
      made.title = `${name}: take it away`;
      if (image(name)) made.append(Object.assign(new Image(), { src: image(name), alt: "" }));
      made.addEventListener("click", () => stay([name]));
      return made;
    }),
  );
  const all = button("fs-moved-all", "\u00d7");
  all.setAttribute("aria-label", `Remove all of ${side} like`);
  all.addEventListener("click", () => stay(names));
  set.append(all);
  return set;
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
