// Questions to the app: only the answer to the last one counts, and silence is not the end.

const RETRY = 2000; // milliseconds

export class Asking {
  /** `server` has the app's functions; `silent()` is called each time that the app does not answer. */
  constructor(server, silent) {
    this.server = server;
    this.silent = silent;
    this.asked = 0;
  }

  /** The answer to a question, or null when another one was asked meanwhile. Waits for an app that
   *  does not answer; a page whose gallery is no longer the app's is loaded again. */
  async search(question) {
    const mine = ++this.asked;
    while (mine === this.asked) {
      const answer = await this.server.answer(question);
      if (mine !== this.asked) break;
      if (answer?.changed) return location.reload() ?? null;
      if (answer) return answer;
      this.silent();
      await new Promise((resume) => setTimeout(resume, RETRY));
    }
    return null;
  }

  /** What another of the app's functions gives, or an error's sentence. */
  async call(name, argument = null) {
    const answer = await this.server[name](argument);
    return answer ?? { error: "The app does not answer. Check that it still runs, and try again." };
  }
}
