// One face in the gallery: picture, rank, percentile, and a mark for each attribute asked for.

import { aloud, button, node } from "./elements.js";
import { percent, percentile } from "./words.js";

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
  tile.append(opener, caption, node("ul", "fs-marks"));
  tile.dataset.name = hit.name;
  return tile;
}

/** Bring a tile up to date with a hit; its marks are about the attributes `asked`, of which some are
 *  `unwanted`. */
export function fillTile(tile, hit, asked, unwanted, about) {
  if (hit.image && tile.querySelector(".fs-missing")) retry(tile, hit);
  const above = percentile(hit.rank, about.faces);
  tile.querySelector(".fs-open").setAttribute("aria-label", `Open face ${hit.rank}, ${hit.name}`);
  tile.querySelector(".fs-rank").textContent = hit.rank;
  tile.querySelector(".fs-score").textContent = percent(above);
  tile.querySelector(".fs-meter-fill").style.width = `${above}%`;
  tile.querySelector(".fs-caption").title =
    `${hit.name}\nFits better than ${percent(above)} of this gallery\nCosine ${hit.score}`;
  const marks = asked.map((name, place) =>
    mark(about.labels[name], hit.marks[place], unwanted.includes(name)),
  );
  marks.sort((a, b) => a.classList.contains("is-unmet") - b.classList.contains("is-unmet"));
  tile.querySelector(".fs-marks").replaceChildren(...marks);
}

/** A mark's bits: 1, the face has the attribute; 2, no label says so, but the model. */
function mark(label, bits, unwanted) {
  const [has, guess] = [Boolean(bits & 1), Boolean(bits & 2)];
  const met = has !== unwanted;
  const made = node("li", `fs-mark ${met ? "is-met" : "is-unmet"}${guess ? " is-guess" : ""}`);
  made.title = `${label}: ${has ? "yes" : "no"}, ${guess ? "the model's guess" : "by label"}`;
  made.append(aloud(made.title));
  if (!met) {
    made.append(node("span", "fs-mark-word", has ? label : `no ${label}`));
    made.lastChild.setAttribute("aria-hidden", "true");
  }
  return made;
}
