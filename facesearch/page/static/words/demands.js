// What the phrases of a sentence ask for together, and what of it a query can't say.

import { opposite } from "./reading.js";

/** Takes phrases that have their signs, and makes a query of them; `problem` is a sentence about the
 *  last thing that is left out of it, or null. */
export class Demands {
  constructor(tables, text, said) {
    Object.assign(this, { tables, text, said, problem: null });
    this.terms = new Map(); // to the phrase that asks first
    this.loose = new Set(); // ruled out by a word for several, such as "jewellery"
    this.anyOf = [];
  }

  /** Take what is asked for; the phrases that any-of can't say. */
  take(phrases, groups) {
    const joined = groups.flat(2);
    for (const part of phrases) if (!joined.includes(part)) this.ask(part);
    const missed = [];
    for (const group of groups) {
      if (this.askAny(group)) continue;
      missed.push(...group.flat());
      this.problem = this.unsayable(group.flat());
    }
    return missed;
  }

  /** Take what "he" or "she" says of somebody, where nothing else says it or the contrary. */
  takePronouns(pronouns) {
    const said = new Set([...[...this.terms.keys()].map(named), ...this.anyOf.flat()]);
    const terms = pronouns.flatMap((part) => part.terms).filter((term) => !said.has(named(term)));
    for (const part of pronouns) {
      const free = (term) => !terms.includes(opposite(term)) && !said.has(named(term));
      if (part.terms.every(free)) for (const term of part.terms) this.terms.set(term, part);
    }
  }

  /** All of it as a query, less what contradicts itself, in the vocabulary's order. */
  query() {
    const { tables } = this;
    const terms = [...this.terms.keys()];
    const asked = (sign) => new Set(terms.filter((term) => term[0] === sign).map(named));
    const [on, off] = [asked("+"), asked("-")];
    for (const name of tables.names.filter((each) => on.has(each) && off.has(each)))
      this.problem = this.contradiction(name);
    const wanted = new Set([...on].filter((name) => !off.has(name)));
    const unwanted = new Set([...off, ...this.loose].filter((name) => !on.has(name)));
    const sets = [];
    for (const names of this.anyOf) {
      const left = names.filter((name) => !unwanted.has(name));
      if (!left.length) {
        const labels = names.map((name) => tables.labels[name]).join(" or ");
        this.problem = `${labels} is asked for, but all of it is ruled out.`;
      } else if (!names.some((name) => wanted.has(name))) sets.push(left);
    }
    return inOrder([...wanted, ...sets], [...unwanted], tables.names);
  }

  ask(part) {
    const names = part.terms.map(named);
    if (part.meaning?.union && part.sign > 0) this.anyOf.push(names);
    else if (part.meaning?.union) for (const name of names) this.loose.add(name);
    else this.first(part.terms, part);
  }

  first(terms, part) {
    for (const term of terms) if (!this.terms.has(term)) this.terms.set(term, part);
  }

  /** Ask for any of a group's sides; whether a query can say it. It can where all that the sides
   *  don't share is one attribute each, which is wanted; "man or woman" asks for nothing, and "women
   *  or girls" for women. */
  askAny(group) {
    if (group.flat().some(({ sign }) => sign === 0)) return true;
    const sides = [];
    for (const side of group) {
      const union = side.some(({ meaning }) => meaning?.union);
      if (union && side.length > 1) return false;
      const terms = new Set(side.flatMap((part) => part.terms));
      sides.push(...(union ? [...terms].map((term) => new Set([term])) : [terms]));
    }
    const shared = [...sides[0]].filter((term) => sides.every((side) => side.has(term)));
    const rests = sides.map((side) =>
      [...side].filter((term) => !shared.includes(term) && !this.terms.has(term)),
    );
    const single = rests.filter((rest) => rest.length === 1).flat();
    const contrary = single.some((term) => single.includes(opposite(term)));
    if (rests.every((rest) => rest.length) && !contrary) {
      if (!rests.every((rest) => rest.length === 1 && rest[0][0] === "+")) return false;
      this.anyOf.push([...new Set(single.map(named))]);
    }
    this.first(shared, group[0][0]);
    return true;
  }

  unsayable(parts) {
    const places = parts.flatMap(({ tokens }) => tokens);
    const [first, last] = [this.said[Math.min(...places)], this.said[Math.max(...places)]];
    const typed = this.text.slice(first.start, last.end);
    let reason = "“or” joins single attributes";
    for (const part of parts) {
      const absent = part.terms.find((term) => term[0] === "-");
      if (absent) reason = "“or” joins only what is wanted";
      if (absent && part.sign > 0)
        reason = `“${this.typed(part)}” means without “${this.tables.labels[named(absent)]}”, and ${reason}`;
    }
    return `“${typed}” can't be asked for, as ${reason}; it is left out.`;
  }

  contradiction(name) {
    const [one, other] = ["+", "-"].map((sign) => this.typed(this.terms.get(sign + name)));
    if (one === other)
      return `“${one}” is asked for and ruled out, so it does not count: say one of the two.`;
    return `“${one}” and “${other}” contradict each other, so neither counts: say one of the two.`;
  }

  typed(part) {
    return part.typed(this.text, this.said);
  }
}

function named(term) {
  return term.slice(1);
}

/** A query as `facesearch.Query` orders it: names by their columns, each once; a set of one is a name.
 *  @param {(string | string[])[]} wanted @param {string[]} unwanted @param {string[]} names */
export function inOrder(wanted, unwanted, names) {
  const columns = (listed) => [...new Set(listed.map((name) => names.indexOf(name)))].sort(by);
  const by = (a, b) => a - b;
  const parts = new Map(
    wanted.map((part) => columns([part].flat())).map((part) => [`${part}`, part]),
  );
  const ordered = [...parts.values()].sort((a, b) => {
    const at = a.findIndex((column, place) => column !== b[place]);
    return at < 0 ? a.length - b.length : (a[at] ?? -1) - (b[at] ?? -1);
  });
  return {
    wanted: ordered.map((part) => (part.length > 1 ? part.map((at) => names[at]) : names[part[0]])),
    unwanted: columns(unwanted).map((at) => names[at]),
  };
}
