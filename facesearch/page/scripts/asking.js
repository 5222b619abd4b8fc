// Everything that the page asks goes through here: only the answer to the last question counts, and
// silence is not the end.

const RETRY = 2000; // milliseconds

export class Asking {
  /** `answers` is who answers (see `app.js`); `silent()` is called each time that nobody does. */
  constructor(answers, silent) {
    this.answers = answers;
    this.silent = silent;
    this.asked = 0;
  }

  /** The answer to a question, or null when another one was asked meanwhile. Waits for an app that
   *  does not answer; a page whose gallery is no longer the app's is loaded again. */
  async search(question) {
    const mine = ++this.asked;
    while (mine === this.asked) {
      const answer = await this.answers.answer(question);
      if (mine !== this.asked) break;
      if (answer?.changed) return location.reload() ?? null;
      if (answer) return answer;
      this.silent();
      await new Promise((resume) => setTimeout(resume, RETRY));
    }
    return null;
  }

  /** Whether there is an answer to such a question here. */
  can(name) {
    return name in this.answers;
  }

  /** What another of the functions gives, or an error's sentence. */
  async call(name, argument = null) {
    const answer = await this.answers[name](argument);
    if (answer?.changed) location.reload();
    return answer ?? { error: "The app does not answer. Check that it still runs, and try again." };
  }
}
