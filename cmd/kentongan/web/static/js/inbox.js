// The two fields of a conversation, answer and note, become tabs. Without
// scripts they stand below one another.
class Inbox extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("[data-tabs]");
    const forms = box ? [...box.querySelectorAll(":scope > form[data-tab]")] : [];
    if (forms.length > 1) this.tabs(box, forms);
    for (const area of this.querySelectorAll("textarea[data-limit]")) {
      const used = area.form.querySelector("[data-used]");
      const count = () => { if (used) used.textContent = [...area.value].length + " / "; };
      area.addEventListener("input", count);
      count();
    }
    const list = this.querySelector(".messages");
    if (list) list.scrollTop = list.scrollHeight;
  }

  tabs(box, forms) {
    const bar = document.createElement("div");
    bar.className = "lines";
    bar.setAttribute("role", "tablist");
    const show = picked => forms.forEach((form, i) => {
      form.hidden = form !== picked;
      bar.children[i].setAttribute("aria-selected", String(form === picked));
      bar.children[i].tabIndex = form === picked ? 0 : -1;
    });
    forms.forEach((form, i) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.textContent = form.dataset.tab;
      tab.setAttribute("role", "tab");
      form.id ||= "answer-" + i;
      form.setAttribute("role", "tabpanel");
      form.setAttribute("aria-label", form.dataset.tab);
      tab.setAttribute("aria-controls", form.id);
      tab.addEventListener("click", () => { show(form); form.querySelector("textarea")?.focus(); });
      tab.addEventListener("keydown", e => {
        if (e.key !== "ArrowRight" && e.key !== "ArrowLeft") return;
        const next = forms[(i + (e.key === "ArrowRight" ? 1 : forms.length - 1)) % forms.length];
        show(next);
        bar.children[forms.indexOf(next)].focus();
      });
      bar.append(tab);
      form.addEventListener("kt-press", () => show(form)); // its key was pressed
    });
    box.prepend(bar);
    show(forms.find(f => f.querySelector("[aria-invalid=true]")) ?? forms[0]);
  }
}
customElements.define("kt-inbox", Inbox);
