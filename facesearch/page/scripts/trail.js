// @ts-check
// The browser's trail of addresses, for Back and Forward, written no oftener than browsers bear.

const PAUSE = 200; // milliseconds without a change after which an entry is corrected
// WebKit throws from the 101st call within 10 seconds, Chromium drops calls from the 201st within 30.
const [CALLS, SPAN] = [50, 10_000];
const RETURN = 1000; // milliseconds by which going back has happened

/**
 * @typedef {{now: () => number, later: (act: () => void, ms: number) => unknown, cancel: (timer: any) => void}} Clock
 */

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  later: (act, ms) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Trail {
  /** `told` is called with each address that becomes the present entry's.
   *  @param {History} history @param {(address: string) => void} told @param {Clock} clock */
  constructor(history, told = () => {}, clock = CLOCK) {
    this.history = history;
    this.told = told;
    this.clock = clock;
    /** @type {number[]} times of the calls within the last `SPAN` */
    this.calls = [];
    /** @type {string | null} what the present entry is to become */
    this.waiting = null;
    /** @type {unknown} */
    this.timer = null;
    /** @type {{next: {address: string, detour: boolean} | null} | null} a return on its way, and what follows it */
    this.returning = null;
  }

  /** Whether the present entry was added as a detour, from which `leave` goes back. */
  get onDetour() {
    return this.history.state?.detour === true && !this.returning;
  }

  /** Add an entry; a detour is one that is left by going back. */
  push(/** @type {string} */ address, detour = false) {
    if (this.returning) {
      this.returning.next = { address, detour };
      return;
    }
    this.settle();
    if (this.waiting !== null || !this.write("pushState", { detour }, address))
      this.replace(address);
  }

  /** Correct the present entry, once changes pause. */
  replace(/** @type {string} */ address) {
    if (this.returning?.next) {
      this.returning.next.address = address;
      return;
    }
    this.waiting = address;
    this.wake(PAUSE);
  }

  /** Correct the present entry now, if that is due and the browser bears it. */
  settle() {
    if (this.waiting === null || this.returning) return;
    const address = this.waiting;
    if (this.write("replaceState", this.history.state, address)) {
      this.waiting = null;
      this.clock.cancel(this.timer);
    } else this.wake(PAUSE);
  }

  /** Go back from a detour. What is pushed meanwhile is added once that has happened. */
  leave() {
    const returning = { next: null };
    this.returning = returning;
    this.waiting = null;
    this.clock.later(() => this.returning === returning && this.arrived(), RETURN);
    this.history.back();
  }

  /** Say that another entry is the present one now; true if that is because of `leave`. */
  arrived() {
    if (!this.returning) {
      this.waiting = null; // it was about the entry that was left
      return false;
    }
    const { next } = this.returning;
    this.returning = null;
    if (next) this.push(next.address, next.detour);
    else if (this.waiting !== null) this.wake(PAUSE);
    return true;
  }

  /** @param {"pushState" | "replaceState"} how @param {unknown} state @param {string} address */
  write(how, state, address) {
    const now = this.clock.now();
    this.calls = this.calls.filter((time) => now - time < SPAN);
    if (this.calls.length >= CALLS) return false;
    this.calls.push(now);
    try {
      this.history[how](state, "", address);
      this.told(address);
      return true;
    } catch {
      return false; // others write here too, so that the browser's patience may end before ours
    }
  }

  wake(/** @type {number} */ ms) {
    this.clock.cancel(this.timer);
    this.timer = this.clock.later(() => this.settle(), ms);
  }
}
