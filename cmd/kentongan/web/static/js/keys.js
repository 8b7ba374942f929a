// Keys. An element says which key is its own: data-key="r". Never inside a
// field, never with Alt, Ctrl or Meta (screen readers and browsers own those).
const places = { h: "/hari-ini", k: "/kotak-masuk", m: "/moderasi", l: "/kalender", u: "/unggahan", p: "/persetujuan", r: "/laporan" };

// Where letters are written or picked. A radio or a box takes none, so keys work
// on: choosing a clause and then pressing s is one movement.
const written = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

/** @param {Function | undefined} tinykeys for sequences such as "g k" */
export function keys(tinykeys) {
  document.addEventListener("keydown", e => {
    const field = e.target.closest?.(written);
    if (field) {
      if (e.key === "Escape") field.blur();
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && field.matches("[data-send]")) field.form.requestSubmit();
      return;
    }
    if (e.altKey || e.ctrlKey || e.metaKey || leaving) return;
    if (e.key === "j" || e.key === "k" || e.key === "o") { if (move(e.key)) e.preventDefault(); return; }
    if (!/^[a-z0-9]$/.test(e.key)) return;
    const own = document.querySelector(`[data-key="${e.key}"]`);
    if (!own) return;
    e.preventDefault();
    press(own);
  });
  tinykeys?.(window, Object.fromEntries(Object.entries(places).map(([key, path]) => [`g ${key}`, e => {
    if (e.target.closest?.(written) || !document.querySelector(`.nav a[href="${path}"]`)) return;
    location.href = path;
  }])));
  if (tinykeys) document.addEventListener("keydown", e => { if (e.key === "g" && !e.target.closest?.(written)) pause(); }, true);
}

// After "g" the next letter names a place, not a deed on this page.
let leaving = false;
function pause() {
  leaving = true;
  setTimeout(() => { leaving = false; }, 1000);
}

function press(e) {
  const details = e.closest("details");
  if (details && !details.open && !e.matches("summary")) details.open = true;
  e.dispatchEvent(new CustomEvent("kt-press", { bubbles: true }));
  if (e.matches("input, textarea, select")) e.focus(); else e.click();
}

/** Moves through the rows of a list: j down, k up, o opens. */
function move(key) {
  const rows = [...document.querySelectorAll("[data-rows] > li > a, [data-rows] > li [data-row]")];
  if (!rows.length) return false;
  let at = rows.indexOf(document.activeElement);
  if (key === "o") { if (at >= 0) rows[at].click(); return at >= 0; }
  if (at < 0) at = rows.findIndex(r => r.hasAttribute("aria-current"));
  at = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)));
  rows[at].focus();
  rows[at].scrollIntoView({ block: "nearest" });
  return true;
}
