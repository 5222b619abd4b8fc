// What was found, in words: how many match, how long it took, and what to do where none does.

import { button, say } from "./elements.js";
import { byLabel, eitherOf, lackOf } from "./query.js";
import { milliseconds, number, plural, about as roughly } from "./words.js";

/** Bring the words and the "more" button up to date; `drop(names)` takes a part of the query away. */
export function showStatus(find, answer, hits, about, drop) {
  const asked = answer.asked.length > 0;
  find(".fs-status").textContent = sentence(answer, hits, about);
  find(".fs-legend").hidden = !asked || !hits.length;
  const none = asked && answer.matching === 0;
  say(find(".fs-nearest"), "");
  if (none) {
    const dropped = answer.dropped.filter(({ count }) => count > 0);
    dropped.sort((a, b) => b.count - a.count);
    const buttons = dropped.map(({ names, wanted, count }) => {
      const way = wanted ? "without" : "with or without";
      const faces = plural(count, "face", "faces");
      const words = eitherOf(names, about.labels);
      const lacked = wanted ? null : lackOf(words)?.toLowerCase();
      const made = button("fs-drop", `${way} ${lacked ?? words}: ${faces}`);
      made.addEventListener("click", () => drop(names));
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

function sentence({ asked, ms, like, picture, matching }, hits, about) {
  const [faces, time] = [number(about.faces), milliseconds(ms)];
  if (!hits.length) {
    if (like && about.faces === 1) return "There is no other face in this gallery.";
    return about.faces
      ? "No picture of these faces is where it should be; the app's log names them."
      : "This gallery is empty.";
  }
  const shown = number(hits.length);
  if (asked.length && byLabel(asked, about)) {
    const met = hits.filter((hit) => hit.matches).length;
    return `${number(met)} of ${shown} match everything you asked, of ${faces} faces, in ${time}.`;
  }
  if (asked.length && matching === null) {
    return `The ${shown} likeliest of ${faces} faces, in ${time}.`;
  }
  if (asked.length) {
    const most = like || picture ? "nearest" : "likeliest";
    const some = roughly(matching);
    return `The ${shown} ${most} of ${faces} faces, in ${time}; about ${some} have everything you asked, as the model estimates.`;
  }
  if (picture) return `The ${shown} most like the picture, of ${faces} faces, in ${time}.`;
  return like
    ? `The ${shown} most like ${like.name}, of ${faces} faces, in ${time}.`
    : `Nothing ticked: the most typical ${shown} of ${faces} faces, in ${time}.`;
}
