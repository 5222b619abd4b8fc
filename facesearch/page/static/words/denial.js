// Which phrases of a sentence are asked for, and how far a denial goes on.

import { alike } from "./anyof.js";

/** The phrases among the parts, each with its sign and with what is before it.
 *  @param {any[]} parts @param {import("./tables.js").Tables} tables @returns {any[]} */
export function setSigns(parts, tables) {
  keepApart(parts);
  const phrases = new Signs(parts, tables).set();
  keepApart(parts); // anew, as what is understood only where it is denied may be no phrase
  return phrases;
}

/** Reads parts from left to right, and remembers what is denied: `denial` is the role of a denial
 *  whose phrase has not come yet, or ""; `missed`, whether a word that is not understood came since;
 *  `scope`, the role of the denial that may go on from the last phrase, or ""; `article`, whether
 *  what it denied first has "a" before it; `number`, which phrase was the last one. */
class Signs {
  constructor(parts, tables) {
    Object.assign(this, { parts, tables, denial: "", scope: "", missed: false, article: false });
    this.phrases = parts.filter(({ role, denied }) => role === null || denied);
    this.number = -1;
  }

  set() {
    this.parts.forEach((part, place) => {
      if (part.role === null || part.denied) {
        this.number += 1;
        this.sign(part);
        [this.denial, this.missed] = ["", false];
      } else this.read(part.role, place);
    });
    for (const phrase of this.phrases) if (!phrase.meaning) phrase.denied = null;
    return this.phrases.filter(({ meaning }) => meaning);
  }

  /** Take a part that is no phrase. */
  read(role, place) {
    const last = this.phrases[this.number];
    const denies = this.tables.denying.has(role);
    if (role === "?") this.missed = true;
    else if (last && role === "no" && answers(this.parts, place))
      [last.sign, this.scope] = [-1, ""];
    else if (last && role === "free" && this.parts[place - 1] === last)
      last.sign = last.sign ? -1 : 0;
    else if (role === "or not") {
      if (this.parts[place + 1]?.role === null) this.denial = "not";
      else if (last) last.sign = 0;
    } else if (role === "except") {
      this.denial = this.scope || this.denial ? "" : "without";
      [this.scope, this.missed] = ["", false];
    } else if (denies || role === "nor" || role === "open") {
      if (role === "without" && ["not", "no"].includes(this.denial))
        this.denial = this.scope = ""; // "never without a hat"
      else this.denial = role === "nor" ? "no" : role;
      this.missed = false;
    } else if (
      role === "break" ||
      role === "comma" ||
      (this.missed && ["and", "with", "wearing"].includes(role))
    )
      [this.denial, this.missed] = ["", false];
  }

  /** Sign the phrase that comes now, and tell whether its denial may go on. */
  sign(part) {
    let denial = "";
    if (this.denial) {
      const ofAnother = this.missed && (part.kind === "person" || !part.meaning);
      denial = ofAnother ? "" : this.denial; // "not a tall man" is a man
      this.article = part.before.has("a");
    } else if (this.scope && this.goesOn()) denial = this.scope;
    this.scope = denial === "non" ? "" : denial;
    if (!denial) return;
    if (part.meaning) part.sign = denial === "open" ? 0 : -1;
    else {
      part.meaning = part.denied; // it means something only where it is denied
      part.sign = denial === "open" ? 0 : 1;
    }
  }

  /** Whether the denial of the phrase before goes on to the present one. */
  goesOn() {
    const part = this.phrases[this.number];
    const last = this.phrases[this.number - 1];
    const { before } = part;
    if (any(before, "break", "with", "except") || (before.has("wearing") && !before.has("or")))
      return false;
    if (before.has("or")) return true;
    const things = part.kind === "thing" && last.kind === "thing";
    if (before.has("and") && !before.has("comma")) {
      const toldApart =
        (before.has("a") && !this.article) || (before.has("?") && this.scope === "no");
      return things && !toldApart; // "no hat and a red scarf"
    }
    if (!before.has("comma") || before.has("and")) return false;
    const listed = [last, part]; // to the end of a list of commas
    for (const following of this.phrases.slice(this.number + 1)) {
      const joined = following.before;
      const apart = any(joined, "with", "break", "except", ...this.tables.denying);
      if (!any(joined, "comma", "or", "nor", "and") || apart) return false;
      listed.push(following);
      if (any(joined, "or", "nor"))
        return alike(listed, this.tables) || listed.every(({ kind }) => kind === "quality");
      if (joined.has("and"))
        return this.scope !== "no" && listed.every(({ kind }) => kind === "thing");
    }
    return false;
  }
}

function any(roles, ...of) {
  return of.some((role) => roles.has(role));
}

/** Whether a "no" follows what it denies: "glasses: no, hat: yes", "beard none". */
function answers(parts, no) {
  const before = parts.slice(0, no);
  const after = parts[no + 1];
  if (before.at(-1)?.role === "colon") before.pop();
  return before.at(-1)?.role === null && (!after || ["comma", "break"].includes(after.role));
}

/** Note for each phrase the roles since the phrase before. */
function keepApart(parts) {
  let between = [];
  for (const part of parts) {
    if (part.role === null || part.denied || part.meaning) {
      part.before = new Set(between);
      if (joinsOthers(between)) part.before.delete("or");
      part.attached = !between.length;
      between = [];
    } else if (part.role !== "little") between.push(part.role === "or not" ? "or" : part.role);
  }
}

/** Whether an "or" joins something not understood: "woman with red hair or blonde". */
function joinsOthers(between) {
  const at = between.indexOf("or");
  return at >= 0 && (apart(between.slice(0, at)) || apart(between.slice(at + 1).reverse()));
}

/** Whether what is not understood is parted from the phrase that the roles start from. */
function apart(roles) {
  const parting = ["with", "wearing", "comma", "and", "break"];
  const at = roles.indexOf("?");
  return at >= 0 && roles.slice(0, at).some((role) => parting.includes(role));
}
