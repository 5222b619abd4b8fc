// What was found, in words: how many match, how long it took, and what to do where none does.

import { button, say } from "./elements.js";
import { milliseconds, number, plural } from "./words.js";

/** Bring the words and the "more" button up to date; `drop(name)` takes an attribute away. */
export function showStatus(find, answer, hits, state, about, drop) {
  const asked = answer.asked.length > 0;
  find(".fs-status").textContent = sentence(answer, hits, about);
  find(".fs-legend").hidden = !asked || !hits.length;
  const none = asked && answer.matching === 0;
  say(find(".fs-nearest"), "");
  if (none) {
    const dropped = Object.entries(answer.dropped).filter(([, count]) => count > 0);
    dropped.sort(([, a], [, b]) => b - a);
    const buttons = dropped.map(([name, count]) => {
      const way = state.unwanted.includes(name) ? "with or without" : "without";
      const made = button(
        "fs-drop",
        `${way} ${about.labels[name]}: ${plural(count, "face", "faces")}`,
      );
      made.addEventListener("click", () => drop(name));
      return made;
    });
    const help = buttons.length ? " Leave one wish out:" : "";
    say(
      find(".fs-nearest"),
      `No face here matches everything you asked; these come nearest.${help}`,
    );
    find(".fs-nearest").append(...buttons);
  }
  const left = Math.min(about.k, about.most - (hits.at(-1)?.rank ?? 0));
  find(".fs-more").hidden = !answer.more || left <= 0;
  find(".fs-more").textContent = `Show ${left} more`;
}

function sentence({ asked, ms, like }, hits, about) {
  const [faces, time] = [number(about.faces), milliseconds(ms)];
  if (!hits.length) {
    if (like && about.faces === 1) return "There is no other face in this gallery.";
    return about.faces
      ? "No picture of these faces is where it should be; the app's log names them."
      : "This gallery is empty.";
  }
  if (asked.length) {
    const met = hits.filter((hit) => hit.matches).length;
    return `${number(met)} of ${number(hits.length)} match everything you asked, of ${faces} faces, in ${time}.`;
  }
  return like
    ? `The ${number(hits.length)} most like ${like.name}, of ${faces} faces, in ${time}.`
    : `Nothing ticked: the most typical ${number(hits.length)} of ${faces} faces, in ${time}.`;
}
