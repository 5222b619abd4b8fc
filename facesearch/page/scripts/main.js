// Where the page starts: what never changes is filled in, the rest is left to `Page`.

import { otherGallery } from "./address.js";
import { prepareDialog } from "./dialog.js";
import { download } from "./download.js";
import { say } from "./elements.js";
import { Page } from "./page.js";
import { watchForNews } from "./renewal.js";
import { number } from "./words.js";

/** Start the page in `element`; `about` is what to know of the gallery, `answers` who answers. */
export function start(element, about, answers) {
  const find = (selector) => element.querySelector(selector);
  find(".fs").style.setProperty("--fs-aspect", about.aspect);
  find(".fs").classList.add("is-started");
  find(".fs-gallery-name").textContent = `${about.gallery}: ${number(about.faces)} faces`;
  say(find(".fs-notice"), about.notice);

  find(".fs-card").innerHTML = about.card || "This bundle has no model card."; // made safe by the app
  prepareDialog(find(".fs-about"));
  find(".fs-about-open").addEventListener("click", () => find(".fs-about").showModal());

  const page = new Page(find, about, answers);
  showGalleries(find(".fs-galleries"), page);
  watchForNews(find(".fs-news"), page);
  const served = page.asking.can("picture");
  find(".fs-program").hidden = !served; // a program asks a server
  find(".fs-serverless").hidden = served;
  find(".fs-skip").addEventListener("click", ({ target }) => find(target.dataset.to)?.focus());
  addEventListener("popstate", () => page.arrive());
  find(".fs-more").addEventListener("click", () => page.more());
  find(".fs-plain").addEventListener("click", ({ currentTarget }) => {
    const on = find(".fs-results").classList.toggle("is-plain");
    currentTarget.setAttribute("aria-pressed", String(on));
  });
  find(".fs-tools").addEventListener("click", ({ target }) => {
    if (target.dataset.kind) download(target.dataset.kind, page.gallery.hits, page.answered, about);
  });
  find(".fs-panel").addEventListener("toggle", ({ newState }) => {
    if (newState === "open") find(".fs-gallery").scrollIntoView(); // above the sheet
  });
  page.read(about.first);
}

/** Fill the choice between galleries, where the app has several; each has an address of its own. */
function showGalleries(choice, page) {
  const { galleries = [], named } = page.about;
  choice.hidden = galleries.length < 2;
  choice.replaceChildren(...galleries.map((name) => new Option(name, name, false, name === named)));
  choice.addEventListener("change", () => {
    page.trail.settle();
    location.href = otherGallery(choice.value, location.search, page.state, page.about);
  });
  addEventListener("pageshow", () => {
    choice.value = named; // as the browser shows a page again that was left by this
  });
}
