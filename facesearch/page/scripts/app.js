// The page over an app: what it asks goes to a server. `static.js` is the page without one.

import { namedGallery } from "./address.js";
import { start } from "./main.js";

/** Start the page over the gallery that the address names, or the first; `server` has the app's
 *  functions, as Gradio gives them to its component. */
export async function startOverApp(element, first, server) {
  const name = namedGallery(location.search, first.galleries);
  let about = first;
  if (name && name !== first.named) {
    const opened = await server.open({ gallery: name });
    if (opened?.about) {
      about = opened.about;
      const groups = element.querySelector(".fs-groups");
      for (const group of groups.querySelectorAll("fieldset")) group.remove();
      groups.insertAdjacentHTML("afterbegin", opened.panel); // made safe by the app
    } else about = { ...first, notice: opened?.error ?? "The app does not answer." };
  }
  start(element, about, appAnswers(server, about));
  window.dispatchEvent(new Event("facesearch:started")); // to `rest.js`
}

/** Who answers the page: each function takes one value, and gives a promise of plain values, of
 *  null where nobody answers. One that can't do something lacks the function for it. */
export function appAnswers(server, about) {
  const of = (asked) => ({ ...asked, gallery: about.version });
  const beside = (asked) => of({ ...asked, taught: about.taught });
  return {
    answer: (question) => server.answer(question),
    face: (name) => server.face(beside({ name })),
    words: (text) => server.words(beside({ text })),
    surprise: () => server.surprise(of({})),
    teach: (lesson) => server.teach(of(lesson)),
    bring: (taught) => server.bring(of({ taught })),
    news: () => server.news(of({})),
    picture: (file) => send(file, about.version),
  };
}

/** The faces of a picture that a person asks by, found by the app. */
async function send(file, version) {
  try {
    const answer = await fetch(new URL(`pictures?${version}`, document.baseURI), {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    });
    return await answer.json();
  } catch {
    return null;
  }
}
