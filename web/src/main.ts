import { State, read } from "./address";
import { html } from "./element";
import type { Panel } from "./panel";
import { panels } from "./panels";

const place = document.getElementById("panel") as HTMLElement;
const nav = document.getElementById("panels") as HTMLElement;
let leave = () => {};

function show(panel: Panel, query: string): void {
  leave();
  for (const link of nav.querySelectorAll("a")) {
    if (link.dataset["panel"] === panel.id) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${panel.title} · wellfit lab`;
  const root = html("section", { class: `panel ${panel.id}` });
  place.replaceChildren(html("h2", {}, panel.title), html("p", { class: "about" }, panel.about), root);
  leave = panel.mount(root, new State(panel.id, query));
}

function follow(): void {
  const { panel, query } = read();
  const found = panels.find((one) => one.id === panel) ?? panels[0];
  if (found) show(found, query);
}

// As a link it would change the address, which names the panel and its state.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  place.focus();
});
for (const panel of panels) {
  const link = html("a", { href: `#${panel.id}`, "data-panel": panel.id }, panel.title);
  nav.append(link);
}
// The state of a panel moves the address without an event: this one is a person's or a link's.
addEventListener("hashchange", follow);
// Runs on the server end when their page does.
addEventListener("pagehide", () => leave());
follow();
