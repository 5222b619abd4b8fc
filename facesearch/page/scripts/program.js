// The Python that asks the same.

export function program({ wanted, unwanted, k }) {
  const address = window.location.origin + window.location.pathname;
  const list = (names) => `[${names.map((name) => `"${name}"`).join(", ")}]`;
  return `from gradio_client import Client

client = Client("${address}")
faces = client.predict(
    wanted=${list(wanted)}, unwanted=${list(unwanted)}, k=${k}, api_name="/search"
)`;
}
