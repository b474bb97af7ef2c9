import type { State } from "../address";
import { choice, slider } from "../control";
import { digits, html } from "../element";
import type { Panel } from "../panel";
import { ask, newest } from "../request";
import "./equivalence.css";

type Weights = [number, number];

interface Pair {
  technique: string;
  found: Weights;
  penalty: string;
  penalized: Weights;
  lambdas: Weights;
  holds: string;
  difference: number;
}

interface Answer {
  least_squares: Weights;
  ways: Pair[];
}

interface Knob {
  key: string;
  label: string;
  from: number;
  to: number;
  value: number;
  scale?: "log";
  whole?: boolean;
}

interface Kind {
  id: string;
  title: string;
  about: string;
  knobs: Knob[];
}

const DRAWS: Knob = { key: "draws", label: "draws of every row", from: 1, to: 1000, value: 100, scale: "log", whole: true };

const KINDS: Kind[] = [
  {
    id: "dropout",
    title: "Dropout is a ridge that knows the size of each feature",
    about: "Each input is left out with probability p and divided by 1 - p where it is kept. On average over the masks that is λ = p/(1-p) Σ x² for the weight of each feature.",
    knobs: [{ key: "rate", label: "p, the rate of dropout", from: 0, to: 0.95, value: 0.5 }, DRAWS],
  },
  {
    id: "input_noise",
    title: "Noise on the inputs is ridge",
    about: "Each input gets noise of standard deviation σ. On average over the noise that is ridge with λ = nσ², whatever the noise's law.",
    knobs: [{ key: "deviation", label: "σ of the inputs' noise", from: 0, to: 3, value: 0.5 }, DRAWS],
  },
  {
    id: "early_stopping",
    title: "Descent that is stopped early is nearly ridge",
    about: "Gradient descent from zero, stopped after t steps of rate η. Exactly ridge with an α for each direction of the loss; with the one α = 1/(ηt) for all, alike and no more. λ = nα.",
    knobs: [
      { key: "eta", label: "η, the learning rate", from: 0.001, to: 0.3, value: 0.1, scale: "log" },
      { key: "steps", label: "t, the steps", from: 1, to: 1000, value: 20, scale: "log", whole: true },
    ],
  },
  {
    id: "gaussian_prior",
    title: "A Gaussian prior on the weights is ridge",
    about: "Weights of prior N(0, τ²), and a target with noise N(0, σ²): the mean of the posterior, by Bayes' rule a row at a time, is ridge with λ = σ²/τ². σ is the noise of the target.",
    knobs: [{ key: "spread", label: "τ, the prior's standard deviation", from: 0.01, to: 10, value: 1, scale: "log" }],
  },
];

const HOLDS: Record<string, string> = {
  exactly: "the same but for rounding",
  "in expectation": "the same on average: more draws, less difference",
  approximately: "alike, and no more",
};

function table(pair: Pair): HTMLElement {
  const row = (name: string, weights: Weights) =>
    html("tr", {}, html("th", { scope: "row" }, name), ...weights.map((weight) => html("td", { class: "number" }, digits(weight, 8))));
  const head = html("tr", {}, html("th", {}, pair.holds), ...["w1", "w2"].map((name) => html("th", { class: "number", scope: "col" }, name)));
  return html("div", { class: "wide" }, html("table", {}, head, row(pair.technique, pair.found), row(pair.penalty, pair.penalized)));
}

/** One technique beside its penalty. */
class Card {
  readonly element: HTMLElement;
  private readonly tables = html("div", { class: "pairs" });
  private readonly told = html("p", { class: "told", "aria-live": "polite" });
  private readonly stop = new AbortController();
  readonly draw: () => void;

  constructor(kind: Kind, data: () => URLSearchParams, state: State) {
    const value = (knob: Knob) => state.number(knob.key, knob.value);
    const work = newest(async (_: undefined) => {
      const query = data();
      query.set("kind", kind.id);
      for (const knob of kind.knobs) query.set(knob.key, String(value(knob)));
      try {
        this.show(await ask<Answer>("/api/equivalence", query, this.stop.signal));
      } catch (error) {
        if (this.stop.signal.aborted) return;
        this.tables.replaceChildren();
        this.told.textContent = error instanceof Error ? error.message : String(error);
        this.told.classList.add("error");
      }
    });
    this.draw = () => work(undefined);
    const knobs = kind.knobs.map((knob) => {
      const change = (to: number) => {
        state.set(knob.key, knob.whole ? Math.round(to) : to);
        this.draw();
      };
      const { label, from, to, scale } = knob;
      return slider({ label, from, to, value: value(knob), ...(scale ? { scale } : {}), change }).element;
    });
    const body = html("div", { class: "beside" }, html("div", {}, ...knobs), html("div", {}, this.tables, this.told));
    this.element = html("article", { class: kind.id }, html("h3", {}, kind.title), html("p", { class: "about" }, kind.about), body);
  }

  private show(answer: Answer): void {
    this.told.classList.remove("error");
    this.tables.replaceChildren(...answer.ways.map(table));
    const [u, v] = answer.least_squares;
    const ways = answer.ways.map(({ difference, holds, lambdas }) => {
      const [a, b] = lambdas.map((lambda) => digits(lambda));
      const lambda = a === b ? a : `${a} and ${b}`;
      return `λ = ${lambda}: they differ by ${digits(difference, 2)} of their length (${holds}: ${HOLDS[holds] ?? ""}).`;
    });
    this.told.textContent = `${ways.join(" ")} Without either: ${digits(u, 4)}, ${digits(v, 4)}.`;
  }

  end(): void {
    this.stop.abort();
  }
}

export const panel: Panel = {
  id: "equivalence",
  title: "Equivalences",
  about:
    "Four techniques, each beside the penalty that it is: the same weights, found twice in ways that know nothing of each other. λ is the textbook's, of the sum of squares.",
  mount(root: HTMLElement, state: State) {
    const data = () => {
      const asked = new URLSearchParams();
      asked.set("design", state.text("design", "correlated"));
      for (const [key, otherwise] of [["n", 50], ["noise", 1], ["seed", 1]] as const) {
        asked.set(key, String(state.number(key, otherwise)));
      }
      return asked;
    };
    const cards = KINDS.map((kind) => new Card(kind, data, state));
    const draw = () => cards.forEach((card) => card.draw());
    const put = (key: string) => (value: number | string) => {
      state.set(key, value);
      draw();
    };
    const again = html("button", { type: "button" }, "New data");
    again.addEventListener("click", () => put("seed")(state.number("seed", 1) + 1));
    const controls = html(
      "div",
      { class: "data" },
      choice({
        label: "data",
        among: [
          ["orthogonal", "independent features"],
          ["correlated", "correlated features (0.9)"],
          ["irrelevant", "the second has no weight"],
          ["unequal", "features of unequal size"],
        ],
        value: state.text("design", "correlated"),
        change: put("design"),
      }),
      slider({ label: "rows", from: 5, to: 500, value: state.number("n", 50), scale: "log", steps: 60, change: (value) => put("n")(Math.round(value)) }).element,
      slider({ label: "σ, the noise of the target", from: 0.05, to: 5, value: state.number("noise", 1), change: put("noise") }).element,
      html("div", { class: "buttons" }, again),
    );
    root.append(controls, ...cards.map((card) => card.element));
    draw();
    return () => cards.forEach((card) => card.end());
  },
};
