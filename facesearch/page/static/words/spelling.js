// Small slips of the keyboard in words of a table, mended; short words never are.

const [SHORTEST, LONG] = [5, 8]; // letters from which one slip is mended, and two are

/** The nearest words within one slip of a word, two of a long one; none where it is known.
 *  @param {string} word @param {import("./tables.js").Tables} tables */
export function mended(word, tables) {
  const { length } = [...word];
  if (length < SHORTEST || !/^\p{L}+$/u.test(word) || tables.known.has(word)) return [];
  const most = length >= LONG ? 2 : 1;
  let nearest = most + 1;
  /** @type {string[]} */
  let found = [];
  for (const other of tables.mended) {
    if (other[0] !== word[0] || Math.abs(other.length - length) > most) continue;
    const allowed = Math.min(nearest, word.at(-1) === other.at(-1) ? most : 1);
    const slips = distance(word, other, allowed);
    if (slips > allowed || denies(word) !== denies(other)) continue;
    if (slips < nearest) [nearest, found] = [slips, []];
    found.push(other);
  }
  return found;
}

/** Letters to add, drop, change, or swap with the next, from one word to another; any number above
 *  `most` means more. @param {string} a @param {string} b @param {number} most */
export function distance(a, b, most) {
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const last = before;
    before = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = before[j - 1] + Number(a[i - 1] !== b[j - 1]);
      let steps = Math.min(row[j - 1] + 1, before[j] + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps = Math.min(steps, last[j - 2] + 1);
      row.push(steps);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return row[b.length];
}

function denies(word) {
  return /^(un|non|in|dis)|(less|les|lss)$/.test(word);
}
