import { digits, html } from "../../element";
import type { Moment, Remedy } from "./session";

const STATES: Record<string, string> = {
  ready: "ready",
  training: "training",
  paused: "paused",
  epochs: "all epochs done",
  early_stopping: "stopped early",
  diverged: "diverged",
  interrupt: "stopped",
  error: "broken off",
};

/** States whose reason says more than their name. */
const TOLD = ["early_stopping", "diverged", "error"];

/** Where the runs stand, and what their logs show. */
export class Verdicts {
  readonly element = html("div", { class: "verdicts" });
  private readonly state = html("p", { class: "told" });
  private readonly words = html("div");
  /** Read aloud when a verdict or a state changes, and not at every number. */
  private readonly aloud = html("p", { class: "aloud", "aria-live": "polite" });
  private readonly remedies = html("div", { class: "remedies" });
  private said = "";
  private offered = "";

  constructor(private readonly tryOut: (remedy: Remedy) => void) {
    this.element.append(this.state, this.aloud, this.words, this.remedies);
  }

  update(moments: Moment[], names: string[]): void {
    const [first] = moments;
    if (!first) return;
    const epoch = Math.floor(first.step / Math.max(1, first.per_epoch));
    const speed = moments.map((moment) => digits(moment.speed, 2)).join(" and ");
    const going = first.state === "training" ? `, ${speed} steps a second` : "";
    const words = TOLD.includes(first.state) ? first.ended : STATES[first.state];
    this.state.textContent = `${words ?? first.state}; epoch ${epoch} of ${first.epochs}${going}`;
    this.words.replaceChildren(...moments.map((moment, at) => this.verdict(moment, names[at] ?? "")));
    const said = moments.map((moment, at) => `${names[at] ?? ""} ${STATES[moment.state] ?? ""} ${moment.verdict?.title ?? ""}`.trim()).join("; ");
    if (said !== this.said) this.aloud.textContent = said;
    this.said = said;
    this.offer(first);
  }

  private verdict(moment: Moment, name: string): HTMLElement {
    const { verdict } = moment;
    const words = verdict ? `: ${verdict.sentence}` : "no epoch is done yet";
    const title = verdict ? html("strong", { class: `is-${verdict.id}` }, verdict.title) : "";
    const sure = verdict && verdict.confidence > 0 ? ` (confidence ${digits(verdict.confidence, 2)})` : "";
    return html("p", { class: "verdict" }, name ? html("span", { class: "side" }, `${name} `) : "", title, words, sure);
  }

  private offer(moment: Moment): void {
    const remedies = moment.verdict?.remedies ?? [];
    const offered = JSON.stringify(remedies);
    if (offered === this.offered) return;
    this.offered = offered;
    const row = (remedy: Remedy) => {
      const values = Object.entries(remedy.values).map(([key, value]) => `${key} = ${typeof value === "number" ? digits(value) : String(value)}`);
      const button = html("button", { type: "button" }, `Try ${remedy.technique}`);
      button.addEventListener("click", () => this.tryOut(remedy));
      return html("li", {}, button, ` ${values.join(", ")}: ${remedy.reason}`);
    };
    this.remedies.replaceChildren(remedies.length > 0 ? html("ul", {}, ...remedies.map(row)) : "");
  }
}
