// New faces of photographs that are still being indexed: said, and shown at a click.

import { number } from "./words.js";

const EVERY = 20_000; // milliseconds

/** Ask every now and then, and when the page is looked at again, whether there are new faces. */
export function watchForNews(notice, page) {
  if (!page.about.grows) return;
  const { version } = page.about;
  let newest = version;
  const ask = async () => {
    const news = document.hidden ? null : await page.asking.answers.news();
    if (!news?.version && !news?.changed) return;
    newest = news.version ?? version;
    const said =
      news.more > 0
        ? `${number(news.more)} new ${news.more === 1 ? "face" : "faces"}: `
        : "The photographs have changed: ";
    if (notice.firstChild.textContent !== said) notice.firstChild.textContent = said;
    notice.hidden = false;
  };
  notice.lastChild.addEventListener("click", () => {
    page.trail.settle();
    const address = location.search.replace(version, newest) || location.pathname;
    history.replaceState(history.state, "", address);
    location.reload();
  });
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
