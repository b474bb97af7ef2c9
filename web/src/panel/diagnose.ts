import { type Chart, type Line, curves } from "../curve";
import { drop } from "../control";
import { digits, html } from "../element";
import type { Panel } from "../panel";
import { send } from "../request";

interface Series {
  part: string;
  metric: string;
  points: [number, number][];
}

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
  curves: { headline: string; sentence: string; advice: string[]; axis: string; metrics: string[]; series: Series[] }[];
}

const COLOURS: Record<string, string> = { train: "--train", online: "--good", validation: "--validation", test: "--path" };

function lines(series: Series[], metric: string): Line[] {
  const own = series.filter((one) => one.metric === metric);
  return own.map(({ part, points }) => ({
    name: part,
    points,
    colour: COLOURS[part] ?? "--ink",
    dashed: part === "validation",
  }));
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
function shown(report: Report, at: number, charts: Chart[]): HTMLElement {
  const run = report.runs[at];
  const drawn = report.curves[at];
  const place = html("article");
  if (!run || !drawn) return place;
  place.append(
    html("h3", {}, run.name),
    html("p", { class: "verdict" }, html("strong", {}, drawn.headline), `: ${drawn.sentence}`),
    html("p", { class: "about" }, `confidence ${digits(run.confidence, 2)}`),
  );
  for (const metric of drawn.metrics) {
    const chart = curves({ label: metric, axis: drawn.axis });
    place.append(chart.element);
    charts.push(chart);
    const marks: [number, string][] = [];
    if (run.best_epoch !== null) marks.push([run.best_epoch, `best ${run.best_epoch}`]);
    if (run.onset_epoch !== null && run.onset_epoch !== run.best_epoch) marks.push([run.onset_epoch, `overfits since ${run.onset_epoch}`]);
    requestAnimationFrame(() => chart.update(lines(drawn.series, metric), marks));
  }
  place.append(...list("What the log shows", run.symptoms.map((symptom) => symptom.summary)));
  if (run.prescription.length > 0) {
    const rows = run.prescription.map((remedy) => [remedy.technique, remedy.start, remedy.reason]);
    const recipe = run.prescription.map((remedy) => remedy.recipe).join("\n");
    place.append(html("h3", {}, "What to try"), table(["", "start", "why"], rows));
    place.append(html("h3", {}, "To paste into a recipe"), html("pre", {}, recipe));
  }
  place.append(...list("Advice", drawn.advice), ...list("About the log", run.warnings));
  return place;
}

export const panel: Panel = {
  id: "diagnose",
  title: "Diagnose",
  about:
    "Drop the training log of any framework: Keras, Lightning, Hugging Face, TensorBoard, XGBoost, a CSV, what a program printed. It stays on this machine.",
  mount(root) {
    const charts: Chart[] = [];
    const told = html("p", { class: "told", "aria-live": "polite" });
    const reports = html("div");
    const take = async (files: File[]) => {
      reports.replaceChildren();
      charts.splice(0).forEach((chart) => chart.destroy());
      for (const file of files) {
        told.textContent = `reading ${file.name} …`;
        told.classList.remove("error");
        try {
          const report = await send<Report>(`/api/diagnose?name=${encodeURIComponent(file.name)}`, file);
          reports.append(...report.runs.map((_, at) => shown(report, at, charts)));
          told.textContent = report.curves.map((one) => one.headline).join("; ");
        } catch (error) {
          const message = html("p", { class: "error" }, error instanceof Error ? error.message : String(error));
          reports.append(html("article", {}, html("h3", {}, file.name), message));
          told.textContent = `${file.name} could not be read`;
        }
      }
    };
    root.append(drop({ label: "A training log, or several", several: true, take }), told, reports);
    return () => charts.forEach((chart) => chart.destroy());
  },
};
