// The page's behaviour. Gradio runs this once with `element`, `props` and `server`.
// The controls hold the query; everything else on the page follows from them.

const find = (selector) => element.querySelector(selector);
const all = (selector) => [...element.querySelectorAll(selector)];
const about = props.value;
const slider = find("input[name=k]");
const gallery = find(".fs-gallery");
const number = new Intl.NumberFormat("en");
const tiles = new Map(); // address or name of an image -> its tile, so that faces that stay don't reload
let asked = 0; // how many questions were sent; only the answer to the last one is shown

function node(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function query() {
  const wanted = all("input[name=wanted]:checked").map((box) => box.value);
  const unwanted = all(".fs-without[aria-pressed=true]").map((b) => b.parentElement.dataset.name);
  return { wanted, unwanted, k: Number(slider.value) };
}

/** Set an attribute to "wanted", "unwanted" or null, and show it on its row. */
function setAttribute(name, state) {
  const row = find(`.fs-row[data-name="${name}"]`);
  row.querySelector("input").checked = state === "wanted";
  row.querySelector("button").setAttribute("aria-pressed", String(state === "unwanted"));
  row.classList.toggle("is-wanted", state === "wanted");
  row.classList.toggle("is-unwanted", state === "unwanted");
}

/** The Python that asks the same. */
function program({ wanted, unwanted, k }) {
  const address = window.location.origin + window.location.pathname;
  const list = (names) => `[${names.map((name) => `"${name}"`).join(", ")}]`;
  return `from gradio_client import Client

client = Client("${address}")
faces = client.predict(
    wanted=${list(wanted)}, unwanted=${list(unwanted)}, k=${k}, api_name="/search"
)`;
}

function showQuery({ wanted, unwanted, k }) {
  const item = (className, text) => {
    const entry = document.createElement("li");
    entry.append(node("button", className, text));
    entry.firstChild.type = "button";
    return entry;
  };
  const chip = (name, word) => {
    const entry = item(`fs-chip fs-chip-${word}`, `${word} ${about.labels[name]}`);
    entry.firstChild.dataset.name = name;
    entry.firstChild.setAttribute("aria-label", `Remove ${word} ${about.labels[name]}`);
    return entry;
  };
  const chips = [...wanted.map((n) => chip(n, "with")), ...unwanted.map((n) => chip(n, "without"))];
  if (chips.length) chips.push(item("fs-clear", "Clear"));
  find(".fs-chips").replaceChildren(...chips);
  find(".fs-program pre").textContent = program({ wanted, unwanted, k });
}

/** As many decimals as it takes to tell the first face's score from the last one's. */
function decimals(hits) {
  const spread = Math.abs(hits[0].score - hits[hits.length - 1].score);
  return spread > 0 ? Math.min(6, Math.max(3, Math.ceil(-Math.log10(spread)) + 1)) : 4;
}

function makeTile(hit) {
  const tile = node("li", "fs-tile");
  const frame = node("div", "fs-frame");
  const standIn = () => frame.replaceChildren(node("span", "fs-missing", hit.name));
  if (hit.image) {
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    image.onload = () => image.classList.add("is-there");
    image.onerror = standIn;
    image.src = hit.image;
    frame.append(image);
  } else {
    standIn();
  }
  const caption = node("p", "fs-caption");
  caption.append(node("span", "fs-rank"), node("span", "fs-score"));
  tile.append(frame, caption);
  return tile;
}

function showHits(hits) {
  const digits = hits.length ? decimals(hits) : 0;
  const shown = hits.map((hit) => {
    const key = hit.image ?? hit.name;
    const tile = tiles.get(key) ?? makeTile(hit);
    tiles.set(key, tile);
    const score = hit.score.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "\u2212");
    tile.dataset.name = hit.name;
    tile.title = `${hit.name}\ncosine ${hit.score}`;
    tile.querySelector(".fs-rank").textContent = hit.rank;
    tile.querySelector(".fs-score").textContent = score;
    return tile;
  });
  gallery.replaceChildren(...shown);
  const kept = new Set(shown);
  for (const [key, tile] of tiles) if (!kept.has(tile)) tiles.delete(key);
}

function showError(sentence) {
  find(".fs-error").textContent = sentence;
  find(".fs-error").hidden = !sentence;
}

function showAnswer(answer, { wanted, unwanted }) {
  if (!answer || answer.error) {
    showError(answer?.error ?? "The app does not answer. Check that it still runs; the next click asks again.");
    return;
  }
  showError("");
  showHits(answer.hits);
  const open = wanted.length + unwanted.length === 0;
  const faces = `${number.format(answer.hits.length)} of ${number.format(about.faces)} faces`;
  const ms = answer.ms < 1 ? "under 1 ms" : `${Math.round(answer.ms)} ms`;
  find(".fs-status").textContent = open
    ? `Nothing ticked: the most typical ${faces}, in ${ms}.`
    : `The best ${faces}, by cosine, in ${ms}.`;
}

async function ask() {
  const mine = ++asked;
  const question = query();
  showQuery(question);
  gallery.setAttribute("aria-busy", "true");
  const answer = await server.answer(question);
  if (mine !== asked) return;
  showAnswer(answer, question);
  gallery.setAttribute("aria-busy", "false");
}

find(".fs-gallery-name").textContent = `${about.gallery}: ${number.format(about.faces)} faces`;
find(".fs-notice").textContent = about.notice ?? "";
find(".fs-notice").hidden = !about.notice;
element.style.setProperty("--fs-aspect", about.aspect);
slider.max = about.most;
slider.value = Math.min(about.k, about.most);
find(".fs-k output").textContent = slider.value;

element.addEventListener("change", (event) => {
  if (event.target.name !== "wanted") return;
  setAttribute(event.target.value, event.target.checked ? "wanted" : null);
  ask();
});
slider.addEventListener("input", () => {
  find(".fs-k output").textContent = slider.value;
  ask();
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("fs-without")) {
    const on = button.getAttribute("aria-pressed") === "true";
    setAttribute(button.parentElement.dataset.name, on ? null : "unwanted");
  } else if (button.classList.contains("fs-chip")) {
    setAttribute(button.dataset.name, null);
  } else if (button.classList.contains("fs-clear")) {
    Object.keys(about.labels).forEach((name) => setAttribute(name, null));
  } else {
    return;
  }
  ask();
});
find("form").addEventListener("submit", (event) => event.preventDefault());

showQuery(query());
showAnswer(about.first, query());
