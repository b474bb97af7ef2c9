import { type Chart, type Line, curves } from "../../curve";
import { digits, html } from "../../element";
import { Histograms } from "./histogram";
import type { Begun, Moment, Points } from "./session";
import { Plane } from "./surface";

/** Points of a line that a screen has room for. */
const SHOWN = 600;

/** One run: what was told of it so far. */
interface Side {
  name: string;
  points: Record<string, Points>;
  plane: Plane | undefined;
  histograms: Histograms;
}

/** Every so many points, and always the last. */
function thinned(points: Points): [number, number][] {
  const every = Math.ceil(points.length / SHOWN);
  const kept = every > 1 ? points.filter((_, at) => at % every === 0 || at === points.length - 1) : points;
  return kept.filter((point): point is [number, number] => point[1] !== null);
}

/** The results of the runs of one start. */
export class Results {
  readonly element = html("div", { class: "results" });
  private readonly sides: Side[];
  private readonly charts: [metric: string, chart: Chart][];
  private readonly gaps = html("div", { class: "wide" });
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private readonly recolour = () => this.sides.forEach((side) => side.plane?.recolour());

  constructor(
    private readonly begun: Begun,
    names: string[],
  ) {
    this.sides = names.map((name) => ({
      name,
      points: {},
      plane: begun.points ? new Plane(names.length > 1 ? name : "What the model says", begun) : undefined,
      histograms: new Histograms(`weights ${name}`),
    }));
    this.charts = ["loss", begun.metric].map((metric) => [metric, curves({ label: metric, axis: "epoch", height: 230 })]);
    this.scheme.addEventListener("change", this.recolour);
    const planes = this.sides.flatMap((side) => (side.plane ? [side.plane.element] : []));
    const weights = this.sides.map((side) => html("div", {}, html("h3", {}, `Weights ${side.name}`.trim()), side.histograms.element));
    this.element.append(
      html("div", { class: "planes" }, ...planes),
      planes.length > 0 ? html("p", { class: "about" }, ...this.legend()) : "",
      this.gaps,
      html("div", { class: "charts" }, ...this.charts.map(([, chart]) => chart.element)),
      html("div", { class: "weights" }, ...weights),
    );
  }

  update(moments: Moment[]): void {
    moments.forEach((moment, at) => {
      const side = this.sides[at];
      if (!side) return;
      for (const [name, points] of Object.entries(moment.curves)) (side.points[name] ??= []).push(...points);
      side.plane?.draw(moment.surface);
      side.histograms.update(moment.layers);
    });
    this.table(moments);
    const changes = moments[0]?.changes ?? [];
    const last = changes.at(-1);
    const marks: [number, string][] = last === undefined ? [] : [[last, "changed"]];
    for (const [metric, chart] of this.charts) {
      const lines = this.lines(metric);
      // A chart that begins with few points shows each of them ever after.
      if (lines.every((line) => line.points.length > 2)) chart.update(lines, marks);
    }
  }

  destroy(): void {
    this.scheme.removeEventListener("change", this.recolour);
    this.charts.forEach(([, chart]) => chart.destroy());
  }

  /** Epochs that the curves reach. */
  reach(): number {
    return this.sides[0]?.points["validation.loss"]?.at(-1)?.[0] ?? 0;
  }

  private legend(): (Node | string)[] {
    const { classes, features } = this.begun;
    const [x = "first", y = "second"] = features;
    const kind = (name: string, at: number) => [html("span", { class: `swatch kind${at % 5}` }), `${name} `];
    const words = `Full dots train, rings validate; across ${x}, up ${y}, both as the model sees them (mean 0, standard deviation 1).`;
    return [...classes.flatMap(kind), words];
  }

  private lines(metric: string): Line[] {
    const line = (side: Side, part: "train" | "validation"): Line => ({
      name: `${part} ${side.name}`.trim(),
      points: thinned(side.points[`${part}.${metric}`] ?? []),
      colour: `--${part}`,
      dashed: this.sides.indexOf(side) > 0,
    });
    return this.sides.flatMap((side) => [line(side, "train"), line(side, "validation")]);
  }

  private table(moments: Moment[]): void {
    const head = ["", "training", "validation", "gap"].map((words) => html("th", { class: words ? "number" : undefined }, words));
    const rows = moments.flatMap((moment, at) =>
      moment.gaps.map(({ metric, train, validation, gap }) => {
        const numbers = [train, validation, gap].map((value) => html("td", { class: "number" }, digits(value ?? Number.NaN)));
        return html("tr", {}, html("th", { scope: "row" }, `${metric} ${this.sides[at]?.name ?? ""}`.trim()), ...numbers);
      }),
    );
    this.gaps.replaceChildren(rows.length > 0 ? html("table", { class: "gaps" }, html("tr", {}, ...head), ...rows) : "");
  }
}
