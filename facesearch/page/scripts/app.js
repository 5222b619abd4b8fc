// The page over an app: what it asks goes to a server. `static.js` is the page without one.

import { start } from "./main.js";

/** Start the page; `server` has the app's functions, as Gradio gives them to its component. */
export function startOverApp(element, about, server) {
  start(element, about, appAnswers(server));
}

/** Who answers the page: each function takes one value, and gives a promise of plain values, of
 *  null where nobody answers. One that can't do something lacks the function for it. */
export function appAnswers(server) {
  return {
    answer: (question) => server.answer(question),
    face: (name) => server.face(name),
    words: (text) => server.words(text),
    surprise: () => server.surprise(null),
    picture: send,
  };
}

/** The faces of a picture that a person asks by, found by the app. */
async function send(file) {
  try {
    const answer = await fetch(new URL("pictures", document.baseURI), {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    });
    return await answer.json();
  } catch {
    return null;
  }
}
