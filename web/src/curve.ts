import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** One line of a chart. */
export interface Line {
  name: string;
  points: [number, number][];
  /** A custom property of the page's style, as `--train`. */
  colour: string;
  dashed?: boolean;
}

/** A chart whose lines may change. */
export interface Chart {
  element: HTMLElement;
  update(lines: Line[], marks?: [at: number, words: string][]): void;
  destroy(): void;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The browser's answer to `light-dark()`, as a colour that a canvas takes. */
function painted(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || colour(name);
}

/** All places of all lines in order, and the value of each line there. */
function aligned(lines: Line[]): uPlot.AlignedData {
  const tables = lines.map((line) => {
    const points = line.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    return [points.map(([x]) => x), points.map(([, y]) => y)] as uPlot.AlignedData;
  });
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

/** Curves over epochs, a canvas with a legend; `label` says what they are. */
export function curves(options: {
  label: string;
  axis: string;
  height?: number;
  log?: boolean;
}): Chart {
  const element = document.createElement("figure");
  element.className = "curves";
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", options.label);
  let plot: uPlot | undefined;
  let shape = "";
  let marked: [number, string][] = [];
  const height = options.height ?? 260;

  const mark = (u: uPlot) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = painted("--quiet");
    ctx.setLineDash([4, 4]);
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    for (const [place, [at, words]] of marked.entries()) {
      const x = u.valToPos(at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const right = x > bbox.left + bbox.width / 2;
      ctx.textAlign = right ? "right" : "left";
      // Each on a line of its own: on a narrow page they stand side by side.
      ctx.fillText(words, x + (right ? -6 : 6), bbox.top + (14 + 15 * place) * devicePixelRatio);
    }
    ctx.restore();
  };

  const build = (lines: Line[]) => {
    plot?.destroy();
    const quiet = painted("--quiet");
    const grid = { stroke: painted("--line"), width: 1 };
    plot = new uPlot(
      {
        width: Math.max(element.clientWidth, 200),
        height,
        title: options.label,
        scales: { x: { time: false }, y: options.log ? { distr: 3 } : {} },
        axes: [
          { stroke: quiet, grid, ticks: grid, label: options.axis, labelSize: 18 },
          { stroke: quiet, grid, ticks: grid, size: 62 },
        ],
        series: [
          { label: options.axis },
          ...lines.map((line) => ({
            label: line.name,
            stroke: painted(line.colour),
            width: 2,
            ...(line.dashed ? { dash: [6, 4] } : {}),
            points: { show: line.points.length < 3 },
            spanGaps: true,
          })),
        ],
        hooks: { draw: [mark] },
      },
      aligned(lines),
      element,
    );
  };

  let drawn: Line[] = [];
  const resized = new ResizeObserver(() => plot?.setSize({ width: Math.max(element.clientWidth, 200), height }));
  resized.observe(element);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const repaint = () => build(drawn);
  scheme.addEventListener("change", repaint);

  return {
    element,
    update(lines, marks = []) {
      drawn = lines;
      marked = marks;
      const now = lines.map((line) => line.name + line.colour).join("\n");
      if (now === shape && plot) plot.setData(aligned(lines));
      else build(lines);
      shape = now;
    },
    destroy() {
      resized.disconnect();
      scheme.removeEventListener("change", repaint);
      plot?.destroy();
    },
  };
}
