// What is shown, as a file: rank, name, score, and what they belong to.

const FIELDS = ["rank", "name", "score", "query", "bundle", "version"];

/** A cell of CSV; what a spreadsheet would take for a formula is kept as text. */
function cell(value) {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csv(rows) {
  const lines = [FIELDS, ...rows.map((row) => FIELDS.map((field) => row[field]))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** Save the shown hits of a query as a "csv" or "json" file. */
export function download(kind, hits, state, { bundle, version }) {
  const { wanted, unwanted, like, mix, more, fewer } = state;
  const moved = { ...(more.length && { more }), ...(fewer.length && { fewer }) };
  const query = { wanted, unwanted, ...(like && { like, mix }), ...moved };
  const rows = hits.map(({ rank, name, score }) => ({ rank, name, score, query, bundle, version }));
  const text = kind === "csv" ? csv(rows) : `${JSON.stringify(rows, null, 2)}\n`;
  save(`faces.${kind}`, kind === "csv" ? "text/csv" : "application/json", text);
}

/** Have the browser save a text as a file. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
