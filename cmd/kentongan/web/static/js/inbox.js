// The two fields of a conversation, answer and note, become tabs. Without
// scripts they stand below one another.
class Inbox extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("[data-tabs]");
    const panels = box ? [...box.querySelectorAll(":scope > [data-tab]")] : [];
    if (panels.length > 1) this.tabs(box, panels);
    for (const area of this.querySelectorAll("textarea[data-limit]")) {
      const used = area.form.querySelector("[data-used]");
      const count = () => { if (used) used.textContent = [...area.value].length + " "; };
      area.addEventListener("input", count);
      count();
    }
    const list = this.querySelector(".messages");
    if (list) list.scrollTop = list.scrollHeight;
  }

  tabs(box, panels) {
    box.classList.add("tabbed");
    const bar = document.createElement("div");
    bar.className = "lines";
    bar.setAttribute("role", "tablist");
    const show = picked => panels.forEach((panel, i) => {
      panel.hidden = panel !== picked;
      bar.children[i].setAttribute("aria-selected", String(panel === picked));
      bar.children[i].tabIndex = panel === picked ? 0 : -1;
    });
    panels.forEach((panel, i) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.textContent = panel.dataset.tab;
      tab.setAttribute("role", "tab");
      panel.id ||= "answer-" + i;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", panel.dataset.tab);
      tab.setAttribute("aria-controls", panel.id);
      tab.addEventListener("click", () => { show(panel); panel.querySelector("textarea")?.focus(); });
      tab.addEventListener("keydown", e => {
        if (e.key !== "ArrowRight" && e.key !== "ArrowLeft") return;
        const next = panels[(i + (e.key === "ArrowRight" ? 1 : panels.length - 1)) % panels.length];
        show(next);
        bar.children[panels.indexOf(next)].focus();
      });
      bar.append(tab);
      panel.addEventListener("kt-press", () => show(panel)); // its key was pressed
    });
    box.prepend(bar);
    show(panels.find(p => p.querySelector("[aria-invalid=true]")) ?? panels[0]);
  }
}
customElements.define("kt-inbox", Inbox);
