// Numbers and names as the page writes them.

const whole = new Intl.NumberFormat("en");

export function number(value) {
  return whole.format(value);
}

export function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** "3 ms" */
export function milliseconds(value) {
  return value < 1 ? "under 1 ms" : `${Math.round(value)} ms`;
}

/** The share of a gallery that fits less well than the face at a rank, in percent. */
export function percentile(rank, faces) {
  return (100 * (faces - rank)) / faces;
}

/** Rounded down, as 100 % would claim to be better than itself. */
export function percent(value, digits = 1) {
  const step = 10 ** digits;
  return `${(Math.floor(value * step + 1e-9) / step).toFixed(digits)} %`;
}

/** An attribute's label, or of any-of "Black or brown hair". */
export function partLabel(part, labels) {
  const said = [part].flat().map((name) => labels[name].split(" "));
  const last = said[0].at(-1);
  const shared = said.length > 1 && said.every((words) => words.length > 1 && words.at(-1) === last);
  const shortened = said.map((words, place) =>
    shared && place < said.length - 1 ? words.slice(0, -1) : words,
  );
  const lower = (label) => label.charAt(0).toLowerCase() + label.slice(1);
  return shortened
    .map((words, place) => (place ? lower(words.join(" ")) : words.join(" ")))
    .join(" or ");
}

/** "with Eyeglasses and Smiling, without Male" */
export function phrase({ wanted, unwanted }, labels) {
  const list = (parts) => parts.map((part) => partLabel(part, labels)).join(" and ");
  return [wanted.length && `with ${list(wanted)}`, unwanted.length && `without ${list(unwanted)}`]
    .filter(Boolean)
    .join(", ");
}
