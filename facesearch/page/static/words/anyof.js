// Which phrases of a sentence "or" joins.

import { sameSet } from "./tables.js";

/** What "or" joins, unless all of it is ruled out: of each side the phrases that belong together.
 *  @param {any[]} phrases @param {import("./tables.js").Tables} tables @returns {any[][][]} */
export function anyOfGroups(phrases, tables) {
  const groups = [];
  let end = 0;
  for (let place = 1; place < phrases.length; place++) {
    if (!phrases[place].before.has("or")) continue;
    if (place < end) {
      const more = side(phrases, place, groups.at(-1).at(-1), tables);
      groups.at(-1).push(more);
      end = place + more.length;
      continue;
    }
    const right = side(phrases, place, [phrases[place - 1]], tables);
    let left = [phrases[place - 1]];
    let before = place - 1;
    if (hasSide(left[0], phrases[place], tables)) {
      while (before && phrases[before].attached && phrases[before - 1].noun === left[0].noun) {
        before -= 1;
        left.unshift(phrases[before]);
      }
    } else if (
      left[0].kind === "person" &&
      right.at(-1).kind !== "person" &&
      left[0].attached &&
      before > 0
    ) {
      before -= 1;
      left = [phrases[before]];
    }
    const group = [left, right];
    const joined = [left[0], right[0]];
    while (left.length === 1 && before > 0 && listing(phrases[before].before)) {
      const comma = phrases[before].before.has("comma");
      if (!comma || phrases[before - 1].sign !== left[0].sign) break;
      if (!alike([phrases[before - 1], ...joined], tables)) break;
      before -= 1;
      joined.unshift(phrases[before]);
      group.unshift([phrases[before]]);
    }
    groups.push(group);
    end = place + right.length + 1;
  }
  return groups.filter((group) => group.flat().some(({ sign }) => sign >= 0));
}

/** Whether phrases are alike enough for one list: the last two tell of which kind it is. */
export function alike(parts, tables) {
  const all = parts.map((part) => sets(part, tables));
  const last = all.at(-1);
  if (sameSet(last, all.at(-2)) && !sameSet(last, new Set([""])))
    return all.every((each) => sameSet(each, last));
  return parts.every(({ kind }) => kind === "thing");
}

function listing(roles) {
  return [...roles].every((role) => ["comma", "a", "either"].includes(role));
}

/** The sets of names that exclude each other of which a phrase speaks. */
function sets({ terms }, tables) {
  return new Set(terms.length ? terms.map((term) => tables.exclusiveSet(term.slice(1))) : [""]);
}

/** Whether adjectives beside one belong to its side of "or": those of its own noun, or, where both
 *  sides share the noun, if they speak of different things: "straight blond or wavy brown". */
function hasSide(part, other, tables) {
  if (part.noun === null) return false;
  return part.noun !== other.noun || !sameSet(sets(part, tables), sets(other, tables));
}

/** The phrases at a place that one side of "or" is made of: "young woman" beside "man". */
function side(phrases, place, other, tables) {
  const found = [phrases[place]];
  const last = other.at(-1);
  if (last.noun !== null && hasSide(found[0], last, tables)) {
    for (const following of phrases.slice(place + 1)) {
      if (!following.attached || following.noun !== found[0].noun) break;
      found.push(following);
    }
    return found;
  }
  if (last.kind !== "person" || found[0].kind === "person") return found;
  for (const following of phrases.slice(place + 1)) {
    if (!following.attached) break;
    found.push(following);
    if (following.kind === "person") return found;
  }
  return [phrases[place]];
}
