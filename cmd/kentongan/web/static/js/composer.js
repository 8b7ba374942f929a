// Susun: tabs for the channels' own texts, a quick estimate of the length until
// the server's own counting answers, autosave and a guard against leaving.
class Composer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form#compose");
    if (!this.form) return;
    this.tabs();
    this.form.addEventListener("input", e => this.changed(e.target));
    this.form.addEventListener("change", e => {
      if (e.target.matches("[data-upload]") && e.target.files.length) this.press("upload");
      if (e.target.name === "channels" || e.target.matches("[data-own]")) this.sync();
    });
    // The date and time belong to the second choice: writing one picks it.
    for (const e of this.form.querySelectorAll("#due-date, #due-time")) {
      e.addEventListener("input", () => { this.form.querySelector("[name=when][value=at]").checked = true; });
    }
    this.leaving = e => { if (this.dirty) e.preventDefault(); };
    addEventListener("beforeunload", this.leaving);
    document.addEventListener("submit", () => { this.dirty = false; });
    document.body.addEventListener("htmx:after:swap", () => this.saved());
    document.addEventListener("keydown", this.keys = e => {
      if (!(e.ctrlKey || e.metaKey)) return;
      if (e.key === "s") { e.preventDefault(); this.press("save"); }
      if (e.key === "Enter") { e.preventDefault(); this.press("submit"); }
    });
    this.sync(true);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.leaving);
    document.removeEventListener("keydown", this.keys);
  }

  // A draft that has an id has an address: reloading the page finds it again.
  saved() {
    if (document.querySelector("#saved .bad-text")) return;
    const id = this.form.querySelector("[name=id]")?.value;
    if (id && this.revision !== this.form.querySelector("[name=revision]").value) this.dirty = false;
    this.revision = this.form.querySelector("[name=revision]")?.value;
    if (id && location.pathname === "/unggahan/baru") history.replaceState(null, "", `/unggahan/${id}/susun`);
  }

  press(deed) {
    document.querySelector(`button[form=compose][value=${deed}], #compose button[value=${deed}]`)?.click();
  }

  /** @param {HTMLElement} field */
  changed(field) {
    this.dirty = true;
    if (field.matches("textarea")) {
      const panel = field.closest("[data-channel]");
      if (panel?.dataset.channel) {
        const own = panel.querySelector("[data-own]");
        if (own && !own.checked) own.checked = true; // writing here makes it its own
      }
      this.estimate();
    }
    this.form.dispatchEvent(new CustomEvent("kt-changed"));
  }

  // A letter is a letter here; what a platform counts differently the server
  // corrects within half a second.
  estimate() {
    const main = this.form.querySelector("#f-text").value;
    for (const counter of this.form.querySelectorAll(".counter")) {
      const channel = counter.id.slice("count-".length);
      const panel = this.form.querySelector(`[data-channel="${CSS.escape(channel)}"]`);
      const own = panel?.querySelector("[data-own]")?.checked;
      const used = [...(own ? panel.querySelector("textarea").value : main)].length;
      const limit = Number(counter.dataset.limit);
      const words = counter.querySelector("span");
      if (words) words.textContent = limit ? `${used} / ${limit}` : String(used);
      counter.classList.toggle("bad-text", limit > 0 && used > limit);
    }
  }

  tabs() {
    const box = this.form.querySelector("[data-panels]");
    this.panels = [...box.querySelectorAll("[data-panel]")];
    if (this.panels.length < 2) return;
    box.classList.add("tabbed");
    this.bar = document.createElement("div");
    this.bar.className = "panel-tabs";
    this.bar.setAttribute("role", "tablist");
    this.buttons = this.panels.map((panel, i) => {
      panel.id ||= "panel-" + i;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", panel.dataset.panel);
      for (const d of panel.querySelectorAll("details.variant")) d.open = true;
      const tab = document.createElement("button");
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panel.id);
      tab.append(...[...panel.querySelectorAll(":scope > details > summary > svg")].map(e => e.cloneNode(true)), panel.dataset.panel);
      tab.addEventListener("click", () => this.show(i));
      tab.addEventListener("keydown", e => {
        if (e.key !== "ArrowRight" && e.key !== "ArrowLeft") return;
        const open = this.buttons.map((b, n) => b.hidden ? -1 : n).filter(n => n >= 0);
        const step = e.key === "ArrowRight" ? 1 : open.length - 1;
        const next = open[(open.indexOf(i) + step) % open.length];
        this.show(next);
        this.buttons[next].focus();
      });
      this.bar.append(tab);
      return tab;
    });
    box.prepend(this.bar);
    // A finding's link leads to a field that may be behind another tab.
    addEventListener("hashchange", () => this.reveal());
    this.show(Math.max(0, this.panels.findIndex(p => p.querySelector("[aria-invalid=true]"))));
  }

  reveal() {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const at = this.panels.findIndex(p => p.contains(field));
    if (at >= 0) { this.show(at); field.focus(); }
  }

  show(picked) {
    this.picked = picked;
    this.panels.forEach((panel, i) => {
      panel.hidden = i !== picked;
      this.buttons[i].setAttribute("aria-selected", String(i === picked));
      this.buttons[i].tabIndex = i === picked ? 0 : -1;
    });
  }

  // Only channels that are picked have a tab and a counter.
  /** @param {boolean} [first] nothing has changed yet */
  sync(first) {
    const picked = new Set([...this.form.querySelectorAll("[name=channels]:checked")].map(e => e.value));
    this.panels?.forEach((panel, i) => {
      const channel = panel.dataset.channel;
      if (!this.buttons) { panel.hidden = channel !== "" && !picked.has(channel); return; }
      this.buttons[i].hidden = channel !== "" && !picked.has(channel);
      if (this.buttons[i].hidden && this.picked === i) this.show(0);
    });
    for (const e of this.form.querySelectorAll("[data-for]")) e.hidden = !picked.has(e.dataset.for);
    if (!first) this.form.dispatchEvent(new CustomEvent("kt-changed"));
  }
}
customElements.define("kt-composer", Composer);
