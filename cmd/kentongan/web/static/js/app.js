// Our own islands. Every page works without them: they only make it quicker.
import { keys } from "./keys.js";
import { live } from "./live.js";
import "./toast.js";
import "./inbox.js";
import "./composer.js";
import "./copy.js";
import "./sla.js";
import { moderation } from "./moderation.js";

/** @param {{htmx?: object, tinykeys?: Function}} vendor what the bundle brings */
export function start(vendor) {
  document.documentElement.dataset.js = "";
  keys(vendor.tinykeys);
  moderation();
  if (vendor.htmx) live();
  for (const e of document.querySelectorAll("[data-without-js]")) e.hidden = true;
  for (const e of document.querySelectorAll("[data-hints]")) e.hidden = false;
  for (const e of document.querySelectorAll("select[data-submit]")) e.addEventListener("change", () => e.form.requestSubmit());
  document.querySelector("[data-focus]")?.focus();
  // One press, one deed: a second click while the page is leaving sends nothing.
  document.addEventListener("submit", e => {
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    e.target.dataset.sent = "1";
    setTimeout(() => delete e.target.dataset.sent, 8000);
  });
  // Menus close when the attention goes elsewhere.
  document.addEventListener("click", e => {
    for (const d of document.querySelectorAll("details.me[open], details.rest[open] > .sheet")) {
      const open = d.closest("details");
      if (!open.contains(e.target)) open.open = false;
    }
  });
}
