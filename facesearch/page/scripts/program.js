// The Python that asks the same.

export function program({ wanted, unwanted, k, like, mix, more, fewer }) {
  const text = JSON.stringify; // of text and lists of it, as Python writes them too
  const given = [`wanted=${text(wanted)}`, `unwanted=${text(unwanted)}`, `k=${k}`];
  if (like) given.unshift(`face=${text(like)}`);
  if (like) given.push(`mix=${mix}`);
  if (more.length) given.push(`more=${text(more)}`);
  if (fewer.length) given.push(`fewer=${text(fewer)}`);
  return `from gradio_client import Client

client = Client(${text(location.origin + location.pathname)})
faces = client.predict(
    ${given.join(", ")},
    api_name="/${like ? "similar" : "search"}",
)`;
}
