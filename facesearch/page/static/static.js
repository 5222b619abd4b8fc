// The page where there is no server: what it shows first lies beside it, and so does what it searches.

import { start } from "../scripts/main.js";
import { staticAnswers } from "./answers.js";

async function load(name) {
  const answer = await fetch(new URL(`../${name}`, import.meta.url));
  if (!answer.ok) throw new TypeError(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}

/** Light or dark, as the address says (?__theme=dark) or else as the reader's system is. */
function follow(dark) {
  const asked = new URLSearchParams(location.search).get("__theme");
  document.body.classList.toggle("dark", asked ? asked === "dark" : dark.matches);
}

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => follow(dark));
follow(dark);
const content = await load("about.json");
const began = performance.now();
const about = JSON.parse(new TextDecoder().decode(content));
about.first.ms = performance.now() - began; // it was found when the page was written
start(document.body, about, staticAnswers(about, load));
