// Moderasi: picking rows, the bar that follows, lifting the veil, and giving a
// case back when its page is left. All of it works as plain forms without this.
export function moderation() {
  const page = document.querySelector("[data-claims]");
  document.addEventListener("keydown", e => {
    if (e.key !== "v" || e.altKey || e.ctrlKey || e.metaKey || e.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    if (!document.querySelector(".veil")) return;
    e.preventDefault();
    document.body.toggleAttribute("data-unveiled");
  });
  if (!page) return;
  bulk(page);
  // A case is given back when its page is left for another part of the site;
  // moving on inside Moderasi takes care of itself.
  addEventListener("click", e => {
    const to = e.target.closest?.("a[href]");
    if (to && to.origin === location.origin && !to.pathname.startsWith("/moderasi")) navigator.sendBeacon("/moderasi/lepas");
  });
}

function bulk(page) {
  const form = page.querySelector("[data-bulk]");
  if (!form) return;
  const boxes = [...page.querySelectorAll("input[name=pick]")];
  const count = form.querySelector("[data-bulk-count]");
  const picked = () => boxes.filter(b => b.checked);
  const show = () => {
    const n = picked().length;
    form.hidden = n === 0 && !form.querySelector(".summary");
    count.textContent = n ? count.dataset.some.replace("{n}", n) : count.dataset.none;
    // With rows picked, the keys mean the rows (a selection wins over the case).
    for (const b of form.querySelectorAll("[data-bulk-key]")) n ? b.setAttribute("data-key", b.dataset.bulkKey) : b.removeAttribute("data-key");
    for (const b of page.querySelectorAll(".case [data-key]")) {
      if (!/^[bse]$/.test(b.dataset.key || b.dataset.held || "")) continue;
      if (n) { b.dataset.held = b.dataset.key || b.dataset.held; b.removeAttribute("data-key"); }
    }
    if (!n) for (const b of page.querySelectorAll(".case [data-held]")) { b.dataset.key = b.dataset.held; delete b.dataset.held; }
  };
  for (const b of boxes) b.addEventListener("change", show);
  document.addEventListener("keydown", e => {
    if (e.key !== " " || e.altKey || e.ctrlKey || e.metaKey) return;
    const row = document.activeElement?.closest?.(".case-row");
    const box = row?.querySelector("input[name=pick]:not([disabled])");
    if (!box || document.activeElement === box) return;
    e.preventDefault();
    box.checked = !box.checked;
    show();
  });
  show();
}
