// A text that is ready to copy: the button appears where the browser can do it;
// without it the text is selected and copied by hand.
class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-copy]");
    if (!button || !navigator.clipboard) return;
    this.querySelector("[data-copies]").hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy), said = this.querySelector("[data-copied]");
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = said.dataset.copied;
      } catch {
        field.focus();
        field.select();
      }
    });
  }
}
customElements.define("kt-copy", Copy);
