import type { State } from "../address";
import { choice, slider, toggle } from "../control";
import { digits, html, svg } from "../element";
import type { Panel } from "../panel";
import { ask, newest } from "../request";

type Point = [number, number];

interface Scene {
  least_squares: Point;
  truth: Point;
  optimum: Point;
  loss: number;
  bound: number;
  textbook_lambda: number;
  zero_from: [number | null, number | null];
  contours: { level: number; points: Point[] }[];
  body: Point[];
  path: { lambdas: number[]; weights: Point[]; bounds: number[] };
  descent: Point[];
  penalized_descent: Point[];
  rate_limit: number;
  question: { lambda: number; ratio: number; rate: number };
}

const SIDE = 480;
const REACH = 3;
const across = ([u]: Point): number => (SIDE * (u + REACH)) / (2 * REACH);
const upward = ([, v]: Point): number => (SIDE * (REACH - v)) / (2 * REACH);
const points = (list: Point[]): string => list.map((w) => `${across(w).toFixed(1)},${upward(w).toFixed(1)}`).join(" ");

const weight = (value: number): string => (value === 0 ? "exactly 0" : digits(value, 4));

/** The picture, which lives as long as the panel: its parts are moved, not made anew. */
class Plane {
  readonly element: SVGSVGElement;
  private readonly contours = svg("g", { class: "contours" });
  private readonly body = svg("polygon", { class: "body" });
  private readonly path = svg("polyline", { class: "path" });
  private readonly plain = svg("polyline", { class: "descent plain" });
  private readonly steps = svg("polyline", { class: "descent" });
  private readonly star = svg("circle", { class: "star", r: 7, tabindex: 0, role: "button" });
  private readonly optimum = svg("circle", { class: "optimum", r: 6 });

  constructor(label: string, move: (best: Point) => void) {
    const grid = svg("g", { class: "axes" });
    for (let tick = 1 - REACH; tick < REACH; tick++) {
      const [x, y] = [across([tick, 0]), upward([0, tick])];
      const kind = tick === 0 ? "axis" : "grid";
      grid.append(
        svg("line", { x1: x, x2: x, y1: 0, y2: SIDE, class: kind }),
        svg("line", { x1: 0, x2: SIDE, y1: y, y2: y, class: kind }),
        svg("text", { x: x + 3, y: SIDE - 4, class: "quiet" }, String(tick)),
        svg("text", { x: 3, y: y - 3, class: "quiet" }, tick === 0 ? "" : String(tick)),
      );
    }
    this.element = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "plane", role: "group", "aria-label": label });
    this.element.append(grid, this.contours, this.body, this.plain, this.steps, this.path, this.star, this.optimum);
    this.drag(move);
  }

  /** The optimum of the loss follows the pointer, or the arrow keys. */
  private drag(move: (best: Point) => void): void {
    let best: Point = [0, 0];
    const inside = (value: number) => Math.min(Math.max(value, 0.1 - REACH), REACH - 0.1);
    const go = (to: Point) => {
      best = [inside(to[0]), inside(to[1])];
      move(best);
    };
    this.star.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.star.setPointerCapture(event.pointerId);
    });
    this.star.addEventListener("pointermove", (event) => {
      if (!this.star.hasPointerCapture(event.pointerId)) return;
      const box = this.element.getBoundingClientRect();
      go([((event.clientX - box.left) / box.width) * 2 * REACH - REACH, REACH - ((event.clientY - box.top) / box.height) * 2 * REACH]);
    });
    this.star.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      if (!step) return;
      event.preventDefault();
      go([this.at[0] + (step[0] ?? 0), this.at[1] + (step[1] ?? 0)]);
    });
  }

  private at: Point = [0, 0];

  show(scene: Scene, shown: { path: boolean; descent: boolean }): void {
    this.at = scene.least_squares;
    this.contours.replaceChildren(
      ...scene.contours.map((contour, place) => svg("polygon", { points: points(contour.points), class: place === 0 ? "touching" : "" })),
    );
    this.body.setAttribute("points", points(scene.body));
    this.path.setAttribute("points", shown.path ? points(scene.path.weights) : "");
    this.plain.setAttribute("points", shown.descent ? points(scene.descent) : "");
    this.steps.setAttribute("points", shown.descent ? points(scene.penalized_descent) : "");
    for (const [mark, at] of [[this.star, scene.least_squares], [this.optimum, scene.optimum]] as const) {
      mark.setAttribute("cx", String(across(at)));
      mark.setAttribute("cy", String(upward(at)));
    }
    this.star.setAttribute("aria-label", `least squares at ${digits(this.at[0])}, ${digits(this.at[1])}: drag, or move with the arrow keys`);
  }
}

const NAMES: Record<string, string> = { "0": "L2", "1": "L1" };

/** One penalty: its plane and its numbers. */
class View {
  readonly element = html("figure", { class: "view" });
  private readonly caption = html("figcaption");
  private readonly told = html("p", { class: "told", "aria-live": "polite" });
  private readonly more = html("p", { class: "about" });
  private readonly plane: Plane;

  constructor(
    private readonly ratio: () => number,
    move: (best: Point) => void,
  ) {
    this.plane = new Plane("contours of the loss and the penalty's body over two weights", move);
    this.element.append(this.caption, this.plane.element, this.told, this.more);
  }

  async update(query: URLSearchParams, shown: { path: boolean; descent: boolean }, stop: AbortSignal): Promise<void> {
    const ratio = this.ratio();
    query.set("ratio", String(ratio));
    const scene = await ask<Scene>("/api/weight-space", query, stop);
    this.caption.textContent = NAMES[String(ratio)] ?? `elastic net, ${digits(ratio)} of it L1`;
    this.plane.show(scene, shown);
    const [u, v] = scene.optimum;
    this.told.textContent = `w1 = ${weight(u)}, w2 = ${weight(v)}`;
    const zero = scene.zero_from.map((from, place) => (from === null ? "" : `w${place + 1} is zero from λ = ${digits(from)} on`));
    const ends = zero.filter(Boolean).join(", ") || "no λ makes a weight exactly zero";
    const astray = shown.descent && scene.question.rate >= scene.rate_limit ? ` Descent goes astray: its rate is above ${digits(scene.rate_limit)}.` : "";
    this.more.textContent = `Bound t = ${digits(scene.bound)}; the textbook's λ = ${digits(scene.textbook_lambda)}; loss ${digits(scene.loss)} above the least; ${ends}.${astray}`;
  }
}

export const panel: Panel = {
  id: "weight_space",
  title: "Weight space",
  about:
    "Contours of the loss over two weights, and the body that the penalty allows. Where they touch is the optimum. Drag λ: under L1 a weight becomes exactly zero, under L2 only small. Drag the blue dot too.",
  mount(root: HTMLElement, state: State) {
    const stop = new AbortController();
    const failed = html("p", { class: "error", role: "alert" });
    let mix = state.number("ratio", 0.5);
    const move = (best: Point) => {
      state.set("best0", best[0].toFixed(3));
      state.set("best1", best[1].toFixed(3));
      draw();
    };
    const views = [new View(() => 0, move), new View(() => 1, move), new View(() => mix, move)];
    const planes = html("div", { class: "planes" }, ...views.map((view) => view.element));
    const query = () => {
      const asked = new URLSearchParams();
      asked.set("design", state.text("design", "correlated"));
      asked.set("lambda", String(state.number("lambda", 0.3)));
      asked.set("noise", String(state.number("noise", 1)));
      asked.set("n", String(state.number("n", 50)));
      asked.set("rate", String(state.number("rate", 0.1)));
      asked.set("seed", String(state.number("seed", 1)));
      for (const key of ["best0", "best1"]) {
        const value = state.text(key, "");
        if (value) asked.set(key, value);
      }
      return asked;
    };
    const work = newest(async (_: undefined) => {
      const shown = { path: state.text("path", "true") === "true", descent: state.text("descent", "false") === "true" };
      try {
        await Promise.all(views.map((view) => view.update(query(), shown, stop.signal)));
        failed.textContent = "";
      } catch (error) {
        if (!stop.signal.aborted) failed.textContent = error instanceof Error ? error.message : String(error);
      }
    });
    const draw = () => work(undefined);
    const put = (key: string) => (value: number | string | boolean) => {
      state.set(key, value);
      draw();
    };
    const fresh = (value: string) => {
      // The data have their own optimum.
      state.remove("best0");
      state.remove("best1");
      put("design")(value);
    };
    const again = html("button", { type: "button" }, "New data");
    again.addEventListener("click", () => {
      state.remove("best0");
      state.remove("best1");
      put("seed")(state.number("seed", 1) + 1);
    });
    const controls = html(
      "div",
      { class: "controls" },
      slider({ label: "λ", from: 0.001, to: 10, value: state.number("lambda", 0.3), scale: "log", change: put("lambda") }).element,
      slider({
        label: "share of L1 in the elastic net",
        from: 0,
        to: 1,
        value: mix,
        change: (value) => {
          mix = value;
          put("ratio")(value);
        },
      }).element,
      choice({
        label: "data",
        among: [
          ["orthogonal", "independent features"],
          ["correlated", "correlated features (0.9)"],
          ["irrelevant", "the second has no weight"],
          ["unequal", "features of unequal size"],
        ],
        value: state.text("design", "correlated"),
        change: fresh,
      }),
      slider({ label: "noise of the target", from: 0, to: 5, value: state.number("noise", 1), change: put("noise") }).element,
      slider({ label: "rows", from: 5, to: 500, value: state.number("n", 50), scale: "log", steps: 60, change: (value) => put("n")(Math.round(value)) }).element,
      toggle({ label: "optima along λ", value: state.text("path", "true") === "true", change: put("path") }),
      toggle({ label: "gradient descent, dotted without the penalty", value: state.text("descent", "false") === "true", change: put("descent") }),
      slider({ label: "learning rate η", from: 0.001, to: 3, value: state.number("rate", 0.1), scale: "log", change: put("rate") }).element,
      html("div", { class: "buttons" }, again),
    );
    root.append(html("div", { class: "beside" }, controls, html("div", {}, failed, planes)));
    draw();
    return () => stop.abort();
  },
};
