import { type Curves, chart } from "../chart";
import { drop } from "../control";
import { digits, html } from "../element";
import type { Panel } from "../panel";
import { send } from "../request";

interface Report {
  runs: {
    name: string;
    verdict: string;
    confidence: number;
    best_epoch: number | null;
    onset_epoch: number | null;
    symptoms: { id: string; summary: string }[];
    prescription: { technique: string; reason: string; start: string; recipe: string }[];
    warnings: string[];
  }[];
  errors: { message: string }[];
  curves: { headline: string; sentence: string; advice: string[]; chart: Curves }[];
}

function table(head: string[], rows: string[][]): HTMLElement {
  const cells = (tag: "th" | "td", row: string[]) => html("tr", {}, ...row.map((text) => html(tag, {}, text)));
  return html("div", { class: "wide" }, html("table", {}, cells("th", head), ...rows.map((row) => cells("td", row))));
}

function list(title: string, items: string[]): HTMLElement[] {
  if (items.length === 0) return [];
  return [html("h3", {}, title), html("ul", {}, ...items.map((item) => html("li", {}, item)))];
}

/** One run: verdict, curves, what the log shows, what to try. */
function shown(report: Report, at: number): HTMLElement {
  const run = report.runs[at];
  const told = report.curves[at];
  const place = html("article");
  if (!run || !told) return place;
  place.append(
    html("h3", {}, run.name),
    html("p", { class: "verdict" }, html("strong", {}, told.headline), `: ${told.sentence}`),
    html("p", { class: "about" }, `confidence ${digits(run.confidence, 2)}`),
  );
  place.append(chart(told.chart).figure);
  place.append(...list("What the log shows", run.symptoms.map((symptom) => symptom.summary)));
  if (run.prescription.length > 0) {
    const rows = run.prescription.map((remedy) => [remedy.technique, remedy.start, remedy.reason]);
    const recipe = run.prescription.map((remedy) => remedy.recipe).join("\n");
    place.append(html("h3", {}, "What to try"), table(["", "start", "why"], rows));
    place.append(html("h3", {}, "To paste into a recipe"), html("pre", {}, recipe));
  }
  place.append(...list("Advice", told.advice), ...list("About the log", run.warnings));
  return place;
}

export const panel: Panel = {
  id: "diagnose",
  title: "Diagnose",
  about:
    "Drop the training log of any framework: Keras, Lightning, Hugging Face, TensorBoard, XGBoost, a CSV, what a program printed. It stays on this machine.",
  mount(root) {
    const told = html("p", { class: "told", "aria-live": "polite" });
    const reports = html("div");
    const take = async (files: File[]) => {
      reports.replaceChildren();
      const words: string[] = [];
      for (const file of files) {
        told.textContent = `reading ${file.name} …`;
        try {
          const report = await send<Report>(`/api/diagnose?name=${encodeURIComponent(file.name)}`, file);
          reports.append(...report.runs.map((_, at) => shown(report, at)));
          words.push(...report.runs.map((run, at) => `${run.name}: ${report.curves[at]?.headline}`));
          reports.append(...report.errors.map((error) => html("p", { class: "error" }, error.message)));
        } catch (error) {
          const message = html("p", { class: "error" }, error instanceof Error ? error.message : String(error));
          reports.append(html("article", {}, html("h3", {}, file.name), message));
          words.push(`${file.name} could not be read`);
        }
      }
      told.textContent = words.join("; ");
    };
    root.append(drop({ label: "A training log, or several", several: true, take }), told, reports);
    return () => {};
  },
};
