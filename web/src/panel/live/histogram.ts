import { digits, html, svg } from "../../element";
import type { Layer } from "./session";

const [WIDE, HIGH] = [220, 70];

/** The place of a tensor in words. */
function named(path: string): string {
  const block = /blocks\.(\d+)/.exec(path);
  if (block) return `hidden layer ${Number(block[1]) + 1}`;
  return path.includes("head") ? "output layer" : path;
}

/** The weights of each layer as small bar charts. */
export class Histograms {
  readonly element = html("div", { class: "histograms" });
  private drawn = new Map<string, { bars: SVGPathElement; words: HTMLElement; picture: SVGElement }>();

  constructor(readonly title: string) {
    this.element.setAttribute("aria-label", title);
    this.element.setAttribute("role", "group");
  }

  update(layers: Layer[]): void {
    if (layers.map((layer) => layer.path).join() !== [...this.drawn.keys()].join()) this.build(layers);
    for (const layer of layers) {
      const chart = this.drawn.get(layer.path);
      if (!chart) continue;
      const most = Math.max(1, ...layer.counts);
      const width = WIDE / layer.counts.length;
      const bar = (count: number, at: number) =>
        count > 0 ? `M${(at * width).toFixed(1)} ${HIGH}v${(-(HIGH * count) / most).toFixed(1)}h${(width - 0.6).toFixed(2)}V${HIGH}z` : "";
      chart.bars.setAttribute("d", layer.counts.map(bar).join(""));
      const zeros = layer.zeros > 0 ? `, ${digits(100 * layer.zeros, 2)} % exactly 0` : "";
      chart.words.textContent = `${named(layer.path)}: ±${digits(layer.reach)}${zeros}`;
      chart.picture.setAttribute("aria-label", `weights of ${chart.words.textContent}`);
    }
  }

  private build(layers: Layer[]): void {
    this.drawn.clear();
    this.element.replaceChildren();
    for (const layer of layers) {
      const bars = svg("path", { class: "bars" });
      const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" }, bars, svg("line", { x1: 0, x2: WIDE, y1: HIGH, y2: HIGH, class: "grid" }));
      const words = html("figcaption");
      this.element.append(html("figure", {}, picture, words));
      this.drawn.set(layer.path, { bars, words, picture });
    }
  }
}
