// The live channel's state, told quietly; htmx does the rest.
export function live() {
  const line = document.getElementById("live");
  if (!line) return;
  const tell = (text, tone) => {
    line.hidden = false;
    line.replaceChildren(Object.assign(document.createElement("span"), { className: "dot " + tone }), text);
  };
  document.body.addEventListener("htmx:sse:after:connection", () => tell(line.dataset.on, ""));
  document.body.addEventListener("htmx:sse:error", () => tell(line.dataset.lost, "warn"));
  document.body.addEventListener("live-conversation", () => {
    const pill = document.querySelector("[data-new-pill]");
    if (pill) pill.hidden = false; // rows never move under the pointer
  });
}
