// The live channel. htmx asks again for the parts that changed; here is what
// it must not do: replace a part that somebody is using, or put an error in
// the place of what was readable.
export function live() {
  const line = document.getElementById("live");
  const tell = (text, tone) => {
    if (!line) return;
    line.hidden = false;
    line.replaceChildren(Object.assign(document.createElement("span"), { className: "dot " + tone }), text);
  };
  const on = (name, does) => document.body.addEventListener(name, does);
  on("htmx:sse:after:connection", () => tell(line?.dataset.on, ""));
  on("htmx:sse:error", () => tell(line?.dataset.lost, "warn"));
  on("live-conversation", () => {
    const pill = document.querySelector("[data-new-pill]");
    if (pill) pill.hidden = false; // rows never move under the pointer
  });

  const waiting = new Set();
  on("htmx:before:request", e => {
    const part = e.target;
    if (!(part instanceof Element) || !part.matches("[hx-trigger*='live-'][hx-select]") || !inUse(part)) return;
    e.preventDefault();
    waiting.add(part);
  });
  on("htmx:before:swap", e => {
    const status = e.detail?.ctx?.response?.status ?? 0;
    if (status < 400) return;
    e.preventDefault(); // what is on the page stays
    if (status === 401) tell(line?.dataset.ended, "bad");
  });
  // A part that was in use is asked for again when it no longer is.
  setInterval(() => {
    for (const part of waiting) {
      if (part.isConnected && inUse(part)) continue;
      waiting.delete(part);
      const name = /live-\w+/.exec(part.getAttribute("hx-trigger"))?.[0];
      if (part.isConnected && name) document.body.dispatchEvent(new CustomEvent(name));
    }
  }, 2000);
}

/** A field that has the focus, or something that was opened. */
function inUse(part) {
  const field = document.activeElement;
  if (field && part.contains(field) && field.matches("input, textarea, select")) return true;
  return part.querySelector("details[open]") !== null;
}
