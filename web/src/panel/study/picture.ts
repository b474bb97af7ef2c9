import { digits, svg } from "../../element";
import { type Study, kind, reached } from "./study";

const [HIGH, EDGE, LEFT] = [300, 30, 64];
/** Whether the page is a phone's. */
export const narrow = matchMedia("(max-width: 600px)");
/** Units of a drawing's width: words stay legible on a phone. */
const wide = () => (narrow.matches ? 360 : 800);
/** Trials whose way is drawn: the newest. */
const WAYS = 60;

interface Frame {
  drawing: SVGSVGElement;
  x: (at: number) => number;
  y: (value: number) => number;
}

/** A frame with three lines to read values at; what lies outside is drawn at its edge. */
function frame(study: Study, values: number[], end: [from: number, to: number], words: string, label: string): Frame {
  const sorted = [...values].sort((a, b) => a - b);
  // A run that diverged shall not press all others into a line.
  const far = Math.max(0, Math.ceil(sorted.length * 0.95) - 1);
  const minimize = study.direction === "minimize";
  const low = (minimize ? sorted[0] : sorted[sorted.length - 1 - far]) ?? 0;
  const top = (minimize ? sorted[far] : sorted.at(-1)) ?? 1;
  const [from, to] = end;
  const right = wide() - EDGE;
  const x = (at: number) => LEFT + ((right - LEFT) * (at - from)) / Math.max(1, to - from);
  const y = (value: number) => {
    const share = top > low ? (Math.min(Math.max(value, low), top) - low) / (top - low) : 0.5;
    return HIGH - EDGE - (HIGH - 2 * EDGE) * share;
  };
  const drawing = svg("svg", { viewBox: `0 0 ${right + EDGE} ${HIGH}`, role: "img", "aria-label": label, class: "study" });
  for (const value of top > low ? [low, (low + top) / 2, top] : [low]) {
    drawing.append(
      svg("line", { x1: LEFT, x2: right, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end", class: "quiet" }, digits(value)),
    );
  }
  drawing.append(
    svg("text", { x: right, y: HIGH - 6, "text-anchor": "end", class: "quiet" }, `${words} ${to}`),
    svg("text", { x: LEFT, y: HIGH - 6, class: "quiet" }, String(from)),
  );
  return { drawing, x, y };
}

/** Value against number, and the best so far; filled dots have run to their end. */
export function trials(study: Study): SVGElement {
  const dots = study.trials.flatMap((trial) => {
    const value = reached(trial);
    return value === null ? [] : [{ trial, value }];
  });
  const end: [number, number] = [study.trials[0]?.number ?? 0, study.trials.at(-1)?.number ?? 1];
  const label = `${dots.length} trials of ${study.name}: value against number`;
  const { drawing, x, y } = frame(study, dots.map(({ value }) => value), end, "trial", label);
  const best = study.trials.flatMap(({ number, best }) => (best === null ? [] : [`${x(number)} ${y(best)}`]));
  // Steps: the best stays what it was until it is beaten.
  const path = best.map((place, at) => (at === 0 ? `M${place}` : `H${place.replace(" ", "V")}`)).join("");
  drawing.append(svg("path", { d: path, class: "sofar" }));
  for (const { trial, value } of dots) {
    const title = svg("title", {}, `trial ${trial.number}: ${digits(value, 5)}, ${trial.state}`);
    const r = trial.number === study.best ? 6 : 4;
    drawing.append(svg("circle", { cx: x(trial.number), cy: y(value), r, class: `dot ${kind(trial, study)}` }, title));
  }
  return drawing;
}

/** The values that trials reported on their way, the best trial's in front. */
export function ways(study: Study): SVGElement | undefined {
  const shown = study.trials.filter((trial) => trial.steps.length > 1);
  const newest = shown.filter((trial, at) => at >= shown.length - WAYS || trial.number === study.best);
  if (newest.length === 0) return undefined;
  const points = newest.flatMap((trial) => trial.steps);
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const at = points.map(([step]) => step);
  const end: [number, number] = [Math.min(...at), Math.max(...at)];
  const label = `Values on the way of ${newest.length} trials of ${study.name}`;
  const { drawing, x, y } = frame(study, values, end, "step", label);
  const inFront = (number: number) => Number(number === study.best);
  for (const trial of newest.sort((a, b) => inFront(a.number) - inFront(b.number))) {
    const places = trial.steps.flatMap(([step, value]) => (value === null ? [] : [`${x(step)},${y(value)}`]));
    const title = svg("title", {}, `trial ${trial.number}, ${trial.state}`);
    drawing.append(svg("polyline", { points: places.join(" "), class: `way ${kind(trial, study)}` }, title));
  }
  return drawing;
}
