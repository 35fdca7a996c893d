// Calls of the server's endpoints.
const api = () => new URL(window.gradio_config?.root ?? ".", location.href).pathname.replace(/\/$/, "") + "/gradio_api/call/";
const UNREACHABLE = "The server cannot be reached. Check that it is still running, then try again.";

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  if (response.status === 503) return "Many people are asking at this moment. Try again in a few seconds.";
  if (response.status === 401) return "You are logged out. Load the page again.";
  return body.error || body.detail || `The server answered ${response.status}.`;
}

// Each message of the endpoint, as it comes. Throws an Error whose message can be shown.
async function* stream(name, data, signal) {
  try {
    const headers = { "content-type": "application/json" };
    const joined = await fetch(api() + name, { method: "POST", headers, body: JSON.stringify({ data }), signal });
    if (!joined.ok) throw new Error(await refusal(joined));
    const { event_id } = await joined.json();
    const response = await fetch(`${api()}${name}/${event_id}`, { signal });
    if (!response.ok) throw new Error(await refusal(response));
    yield* events(response.body.pipeThrough(new TextDecoderStream()).getReader());
  } catch (error) {
    throw error instanceof TypeError ? new Error(UNREACHABLE) : error;
  }
}

async function* events(reader) {
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, kind, data] = block.match(/^event: (\w+)\ndata: (.*)$/s) ?? [];
      if (kind === "error") throw new Error("Something went wrong while answering. Try again.");
      if (kind === "generating" || kind === "complete") yield JSON.parse(data)[0];
    }
  }
}

// The last message of an endpoint.
async function call(name, ...data) {
  let last;
  for await (const message of stream(name, data)) last = message;
  return last;
}
