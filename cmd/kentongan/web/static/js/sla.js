// Nothing counts down on its own: a page that is open asks the server again
// every minute for the time that is left, so that pauses outside service hours
// and other people's answers are right.
class Sla extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.refresh(), 60_000);
  }
  disconnectedCallback() { clearInterval(this.timer); }
  async refresh() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("kt-sla");
      if (fresh) { this.className = fresh.className; this.replaceChildren(...fresh.childNodes); }
    } catch { /* offline: the live line says so */ }
  }
}
customElements.define("kt-sla", Sla);
