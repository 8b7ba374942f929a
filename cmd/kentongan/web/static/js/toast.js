// What just happened. It stays until it is closed.
class Toast extends HTMLElement {
  connectedCallback() {
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", this.dataset.close);
    close.addEventListener("click", () => this.remove());
    this.append(close);
    this.addEventListener("keydown", e => { if (e.key === "Escape") this.remove(); });
  }
}
customElements.define("kt-toast", Toast);
