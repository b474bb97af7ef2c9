import type { State } from "../address";
import { type Curves, chart } from "../chart";
import { choice, drop, slider } from "../control";
import { digits, html } from "../element";
import type { Panel } from "../panel";
import { ask, newest, send } from "../request";

interface Choice {
  lambda: number;
  textbook_lambda: number;
  error: number;
  se: number;
  used: number;
}

interface Answer {
  features: string[];
  classes?: string[];
  coefficients: (number[] | number[][])[];
  intercepts: (number | number[])[];
  lambdas: number[];
  selected: number;
  warnings: string[];
  page: {
    rows: number;
    columns: string[];
    target: string;
    family: string;
    error: string;
    notes: string[];
    chart: Curves;
    left_out: number;
    min: Choice;
    one_se: Choice;
  };
}

/** The coefficients at the λ that was chosen, exact zeros among them. */
function table(answer: Answer): HTMLElement {
  const at = answer.selected;
  const values = (cell: number | number[] | undefined): number[] => (Array.isArray(cell) ? cell : [cell ?? Number.NaN]);
  const rows: [string, number[]][] = [["(intercept)", values(answer.intercepts[at])]];
  const outputs = answer.coefficients[at] ?? [];
  answer.features.forEach((name, j) => {
    const several = outputs.map((output) => (Array.isArray(output) ? output[j] : undefined));
    rows.push([name, answer.classes ? several.map((value) => value ?? Number.NaN) : values(outputs[j])]);
  });
  const heads = answer.classes ?? ["coefficient"];
  const head = html("tr", {}, html("th", { scope: "col" }, "feature"), ...heads.map((name) => html("th", { class: "number", scope: "col" }, name)));
  const cells = rows.map(([name, list]) =>
    html("tr", {}, html("th", { scope: "row" }, name), ...list.map((value) => html("td", { class: "number" }, value === 0 ? "exactly 0" : digits(value, 6)))),
  );
  return html("div", { class: "wide" }, html("table", {}, head, ...cells));
}

const said = (name: string, choice: Choice, features: number): string =>
  `${name}: λ = ${digits(choice.lambda)} (the textbook's ${digits(choice.textbook_lambda)}), error ${digits(choice.error, 4)} ± ${digits(choice.se, 2)}, ${choice.used} of ${features} features`;

export const panel: Panel = {
  id: "linear",
  title: "Linear models",
  about:
    "Every coefficient along the strength of the penalty, each times its feature's standard deviation, and the cross-validated error with one standard error around it. What wellfit path computes, on a table of the program or your own, which stays on this machine.",
  mount(root: HTMLElement, state: State) {
    const stop = new AbortController();
    let file: File | undefined;
    const paths = chart();
    const told = html("p", { class: "told", "aria-live": "polite" });
    const failed = html("p", { class: "error", role: "alert" });
    const numbers = html("div", { class: "numbers" });
    const notes = html("ul", { class: "notes" });
    const targets = html("div");

    const query = () => {
      const asked = new URLSearchParams();
      for (const [key, otherwise] of [["penalty", "lasso"], ["select", "min"], ["family", "values"]] as const) asked.set(key, state.text(key, otherwise));
      for (const [key, otherwise] of [["mix", 0.5], ["folds", 10], ["seed", 0]] as const) asked.set(key, String(state.number(key, otherwise)));
      if (file) {
        const target = state.text("target", "");
        if (target) asked.set("target", target);
      } else asked.set("sample", state.text("sample", "made"));
      return asked;
    };
    const show = (answer: Answer) => {
      const { page } = answer;
      paths.show(page.chart);
      told.textContent = `${said("Smallest error", page.min, answer.features.length)}. ${said("Within one standard error", page.one_se, answer.features.length)}.`;
      const more = page.left_out > 0 ? [`${page.left_out} smaller coefficients are not drawn`] : [];
      const lines = [`${page.rows} rows; ${page.error} of ${page.target} (${page.family})`, ...more, ...page.notes, ...answer.warnings];
      notes.replaceChildren(...lines.map((line) => html("li", {}, line)));
      numbers.replaceChildren(html("h3", {}, `Coefficients at λ = ${digits(answer.lambdas[answer.selected] ?? Number.NaN)}, in the units of the table`), table(answer));
      targets.replaceChildren(
        ...(file ? [choice({ label: "column to predict", among: page.columns.map((name) => [name, name]), value: page.target, change: put("target") })] : []),
      );
    };
    const work = newest(async (_: undefined) => {
      told.textContent = "computing …";
      try {
        const answer = file ? await send<Answer>(`/api/linear?${query()}`, file) : await ask<Answer>("/api/linear", query(), stop.signal);
        if (stop.signal.aborted) return;
        failed.textContent = "";
        show(answer);
      } catch (error) {
        if (stop.signal.aborted) return;
        told.textContent = "";
        failed.textContent = error instanceof Error ? error.message : String(error);
      }
    });
    const draw = () => work(undefined);
    const put = (key: string) => (value: number | string) => {
      state.set(key, value);
      draw();
    };
    const mix = slider({ label: "share of L1 in the elastic net", from: 0, to: 1, value: state.number("mix", 0.5), steps: 20, change: put("mix") }).element;
    mix.hidden = state.text("penalty", "lasso") !== "elastic_net";
    const controls = html(
      "div",
      { class: "controls" },
      choice({
        label: "penalty",
        among: [
          ["ridge", "ridge (L2)"],
          ["lasso", "lasso (L1)"],
          ["elastic_net", "elastic net"],
        ],
        value: state.text("penalty", "lasso"),
        change: (value) => {
          mix.hidden = value !== "elastic_net";
          put("penalty")(value);
        },
      }),
      mix,
      choice({
        label: "how λ is chosen",
        among: [
          ["min", "smallest error"],
          ["one_se", "within one standard error"],
        ],
        value: state.text("select", "min"),
        change: put("select"),
      }),
      slider({ label: "folds", from: 2, to: 20, value: state.number("folds", 10), steps: 18, change: (value) => put("folds")(Math.round(value)) }).element,
      choice({
        label: "table",
        among: [
          ["made", "60 rows, 3 of 8 features count"],
          ["digits", "digits: is it a three?"],
        ],
        value: state.text("sample", "made"),
        change: (value) => {
          file = undefined;
          put("sample")(value);
        },
      }),
      choice({
        label: "family",
        among: [
          ["values", "by the target's values"],
          ["gaussian", "gaussian: numbers"],
          ["logistic", "logistic: two classes"],
          ["multinomial", "multinomial: several classes"],
          ["poisson", "poisson: counts"],
        ],
        value: state.text("family", "values"),
        change: put("family"),
      }),
      drop({
        label: "Your own: CSV",
        take: ([own]) => {
          file = own;
          state.remove("target");
          draw();
        },
      }),
      targets,
    );
    root.append(html("div", { class: "beside" }, controls, html("div", {}, failed, told, paths.figure, notes, numbers)));
    draw();
    return () => {
      stop.abort();
    };
  },
};
