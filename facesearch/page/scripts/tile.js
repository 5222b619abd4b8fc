// One face in the gallery: picture, rank, chance, and a mark for each part of what is asked.

import { aloud, button, node } from "./elements.js";
import { byLabel, eitherOf, lackOf } from "./query.js";
import { percent, plural } from "./words.js";

const EAGER = 24; // pictures that are likely on the first screen

/** The picture of a face, or its name where it can't be shown. */
export function picture({ image, name }, loading = "eager") {
  const frame = node("span", "fs-frame");
  const standIn = () => frame.replaceChildren(node("span", "fs-missing", name));
  if (!image) {
    standIn();
    return frame;
  }
  const shown = new Image();
  shown.alt = "";
  shown.loading = loading;
  shown.onerror = standIn;
  shown.src = image;
  frame.append(shown);
  return frame;
}

/** Ask again for a picture that could not be shown; what the browser keeps of it may be at fault. */
function retry(tile, hit) {
  const tries = Number(tile.dataset.tries ?? 0) + 1;
  tile.dataset.tries = tries;
  const again = picture({ ...hit, image: `${hit.image}&try=${tries}` });
  tile.querySelector(".fs-frame").replaceWith(again);
}

export function makeTile(hit) {
  const tile = node("li", "fs-tile");
  const opener = button("fs-open", "");
  opener.append(picture(hit, hit.rank > EAGER ? "lazy" : "eager"));
  const caption = node("p", "fs-caption");
  const meter = node("span", "fs-meter");
  meter.append(node("span", "fs-meter-fill"));
  caption.append(node("span", "fs-rank"), meter, node("span", "fs-score"));
  opener.append(node("span", "fs-copies"));
  opener.setAttribute("aria-keyshortcuts", "x");
  const pick = node("label", "fs-pick");
  pick.append(Object.assign(document.createElement("input"), { type: "checkbox" }));
  pick.title = "Pick (x); with Shift, all from the last one on";
  tile.append(opener, pick, caption, node("ul", "fs-marks"));
  tile.dataset.name = hit.name;
  return tile;
}

/** Bring a tile up to date with a hit; it has a mark for each of the `parts` asked for. */
export function fillTile(tile, hit, parts, about) {
  if (hit.image && tile.querySelector(".fs-missing")) retry(tile, hit);
  const isCounted = byLabel(
    parts.flatMap(({ names }) => names),
    about,
  );
  const chance = parts.length ? chanceWords(hit, isCounted) : "";
  tile.querySelector(".fs-open").setAttribute("aria-label", `Open face ${hit.rank}, ${hit.name}`);
  tile
    .querySelector(".fs-pick input")
    .setAttribute("aria-label", `Pick face ${hit.rank}, ${hit.name}`);
  tile.querySelector(".fs-rank").textContent = hit.rank;
  tile.querySelector(".fs-score").textContent = chance;
  const copies = tile.querySelector(".fs-copies");
  copies.hidden = !hit.copies;
  copies.textContent = `+${hit.copies}`;
  copies.title = `Stands for ${plural(hit.copies, "near-copy", "near-copies")}; open it to see them`;
  tile.querySelector(".fs-meter").hidden = !parts.length;
  tile.querySelector(".fs-meter-fill").style.width = `${100 * hit.chance}%`;
  const who = isCounted ? "by its labels" : "as the model estimates";
  tile.querySelector(".fs-caption").title = [
    hit.name,
    parts.length && `Has everything you asked, ${who}: ${chance}`,
    `Score ${hit.score}`,
  ]
    .filter(Boolean)
    .join("\n");
  const marks = parts.map((part, place) => mark(part, hit.marks[place], about.labels));
  marks.sort((a, b) => a.classList.contains("is-unmet") - b.classList.contains("is-unmet"));
  tile.querySelector(".fs-marks").replaceChildren(...marks);
}

/** How likely a face has everything asked: yes or no where labels know it. */
function chanceWords({ chance }, isCounted) {
  if (isCounted) return chance >= 0.5 ? "yes" : "no";
  return percent(chance);
}

/** A part's mark. Bits of each name: 1, the face has the attribute; 2, the model says so, no label. */
function mark({ names, wanted }, bits, labels) {
  const having = names.filter((_, place) => bits[place] & 1);
  const met = having.length > 0 === wanted;
  const decisive = having.length ? having.map((name) => names.indexOf(name)) : bits.keys();
  const guess = [...decisive].every((place) => bits[place] & 2);
  const made = node("li", `fs-mark ${met ? "is-met" : "is-unmet"}${guess ? " is-guess" : ""}`);
  const which = having.length && names.length > 1 ? `, ${eitherOf(having, labels)}` : "";
  const said = `${having.length ? "yes" : "no"}${which}, ${guess ? "the model's guess" : "by label"}`;
  made.title = `${eitherOf(names, labels)}: ${said}`;
  made.append(aloud(made.title));
  if (!met) {
    const words = eitherOf(names, labels);
    made.append(
      node(
        "span",
        "fs-mark-word",
        having.length ? words : (lackOf(words)?.toLowerCase() ?? `no ${words}`),
      ),
    );
    made.lastChild.setAttribute("aria-hidden", "true");
  }
  return made;
}
