import { digits, html } from "../../element";
import type { Study, Trial } from "./study";

/** Rows that are shown: the best. */
const ROWS = 20;

/** What differs from the plain recipe, on one line. */
function tried(trial: Trial): string {
  const lines = trial.recipe.split("\n").map((line) => line.trim());
  const told = lines.filter((line) => line && !line.startsWith("[[")).join("; ");
  // The whole number stands in the file, and of the best trial above.
  return told.replace(/\d+\.\d{4,}/g, (number) => digits(Number(number))) || "plain";
}

/** The trials with the best values. */
export function table(study: Study): HTMLElement {
  const sign = study.direction === "minimize" ? 1 : -1;
  const cost = ({ value }: Trial) => (value === null ? Number.MAX_VALUE : sign * value);
  const best = [...study.trials].sort((a, b) => cost(a) - cost(b)).slice(0, ROWS);
  const head = html("tr", {});
  for (const [text, name] of [["trial", "number"], ["value", "number"], ["steps", "number"], ["state", ""], ["what was tried", ""]]) {
    head.append(html("th", { class: name, scope: "col" }, text ?? ""));
  }
  const rows = best.map((trial) =>
    html(
      "tr",
      {},
      html("td", { class: "number" }, String(trial.number)),
      html("td", { class: "number" }, trial.value === null ? "–" : digits(trial.value, 5)),
      html("td", { class: "number" }, String(trial.steps.at(-1)?.[0] ?? "–")),
      html("td", { class: "state" }, trial.state),
      html("td", {}, html("code", {}, tried(trial))),
    ),
  );
  return html("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Trials" }, html("table", {}, head, ...rows));
}
