// The Python that asks the same.

import { namesIn } from "./query.js";

export function program({ wanted, unwanted, k, like, mix, more, fewer }, about) {
  const text = JSON.stringify; // of text and lists of it, as Python writes them too
  const given = [`wanted=${text(wanted)}`, `unwanted=${text(unwanted)}`, `k=${k}`];
  if (like) given.unshift(`face=${text(like)}`);
  if (like) given.push(`mix=${mix}`);
  if (more.length) given.push(`more=${text(more)}`);
  if (fewer.length) given.push(`fewer=${text(fewer)}`);
  if (about.named && about.named !== about.galleries[0]) given.push(`gallery=${text(about.named)}`);
  const [taught] = (about.taught ?? []).filter(({ name }) =>
    [...namesIn(wanted), ...unwanted].includes(name),
  );
  const note = taught
    ? `# ${text(taught.name)} was taught in this browser: a program can ask for it once the bundle has it.\n`
    : "";
  return `${note}from gradio_client import Client

client = Client(${text(location.origin + location.pathname)})
faces = client.predict(
    ${given.join(", ")},
    api_name="/${like ? "similar" : "search"}",
)`;
}
