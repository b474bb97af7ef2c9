import type { State } from "../address";
import { choice, drop } from "../control";
import { digits, html, svg } from "../element";
import type { Panel } from "../panel";
import { ask, send } from "../request";

interface Trial {
  number: number;
  state: string;
  value: number | null;
  steps: [number, number][];
  recipe: string;
}

interface Study {
  name: string;
  direction: "minimize" | "maximize";
  count: number;
  trials: Trial[];
  best: number | null;
}

const reached = (trial: Trial): number | null => trial.value ?? trial.steps.at(-1)?.[1] ?? null;

/** Value against number; filled dots have run to their end. */
function picture(study: Study): SVGElement {
  const [wide, high, edge, left] = [720, 300, 30, 64];
  const dots = study.trials.map((trial) => [trial, reached(trial)] as const).filter(([, value]) => value !== null && Number.isFinite(value));
  const values = dots.map(([, value]) => value as number).sort((a, b) => a - b);
  // A run that diverged shall not press all others into a line.
  const far = Math.max(0, Math.ceil(values.length * 0.95) - 1);
  const [low, top] = study.direction === "minimize" ? [values[0] ?? 0, values[far] ?? 1] : [values[values.length - 1 - far] ?? 0, values.at(-1) ?? 1];
  const last = Math.max(1, ...study.trials.map((trial) => trial.number));
  const x = (number: number) => left + ((wide - left - edge) * number) / last;
  const y = (value: number) => {
    const share = top > low ? (Math.min(Math.max(value, low), top) - low) / (top - low) : 0.5;
    return high - edge - (high - 2 * edge) * share;
  };
  const label = `${study.trials.length} trials of ${study.name}: value against number`;
  const drawing = svg("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": label, class: "study" });
  for (const value of [low, (low + top) / 2, top]) {
    drawing.append(
      svg("line", { x1: left, x2: wide - edge, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end", class: "quiet" }, digits(value)),
    );
  }
  drawing.append(svg("text", { x: wide - edge, y: high - 6, "text-anchor": "end", class: "quiet" }, `trial ${last}`));
  for (const [trial, value] of dots) {
    const title = svg("title", {}, `trial ${trial.number}: ${digits(value as number, 5)}, ${trial.state}`);
    const kind = trial.number === study.best ? "dot best" : trial.state === "whole" ? "dot" : "dot part";
    drawing.append(svg("circle", { cx: x(trial.number), cy: y(value as number), r: trial.number === study.best ? 6 : 4, class: kind }, title));
  }
  return drawing;
}

function table(study: Study): HTMLElement {
  const sign = study.direction === "minimize" ? 1 : -1;
  const cost = (trial: Trial) => sign * (trial.value ?? Number.POSITIVE_INFINITY * sign);
  const best = [...study.trials].sort((a, b) => cost(a) - cost(b)).slice(0, 20);
  const head = html("tr", {}, ...["trial", "value", "steps", "", "what was tried"].map((text) => html("th", {}, text)));
  const rows = best.map((trial) =>
    html(
      "tr",
      {},
      html("td", { class: "number" }, String(trial.number)),
      html("td", { class: "number" }, trial.value === null ? "–" : digits(trial.value, 5)),
      html("td", { class: "number" }, String(trial.steps.at(-1)?.[0] ?? "–")),
      html("td", {}, trial.state),
      html("td", {}, html("code", {}, trial.recipe.split("\n").filter((line) => line && !line.startsWith("[[")).join("; ") || "plain")),
    ),
  );
  return html("div", { class: "wide" }, html("table", {}, head, ...rows));
}

function shown(study: Study): HTMLElement {
  const best = study.trials.find((trial) => trial.number === study.best);
  const going = study.trials.filter((trial) => trial.state === "running").length;
  const words = best ? `best ${digits(best.value ?? Number.NaN, 5)}, trial ${best.number}` : "no trial has run to its end yet";
  return html(
    "article",
    {},
    html("h3", {}, study.name),
    html("p", { class: "verdict" }, `${study.count} trials, ${going} running; ${words}`),
    picture(study),
    html("p", { class: "about" }, "Full dots ran to their end, rings were given up on the way or still run; the best is marked."),
    best ? html("pre", {}, best.recipe || "plain") : "",
    table(study),
  );
}

export const panel: Panel = {
  id: "study",
  title: "Studies",
  about: "A search as it goes: start with `wellfit lab --study runs/NAME-tune` beside `wellfit tune`, or drop a study file in Optuna's journal format.",
  mount(root: HTMLElement, state: State) {
    let events: EventSource | undefined;
    const told = html("p", { class: "told", "aria-live": "polite" });
    const studies = html("div");
    const show = (found: Study[]) => {
      studies.replaceChildren(...found.map(shown));
      told.textContent = found.length === 0 ? "the file holds no study yet" : "";
    };
    const failed = (error: unknown) => {
      told.textContent = error instanceof Error ? error.message : String(error);
    };
    const follow = (id: string) => {
      events?.close();
      events = new EventSource(`/api/study/${encodeURIComponent(id)}/events`);
      events.onmessage = (event) => show(JSON.parse(event.data));
      events.onerror = () => {
        told.textContent = "waiting for the server …";
      };
    };
    const files = html("div");
    ask<{ id: number; name: string }[]>("/api/study", new URLSearchParams())
      .then((list) => {
        const [first] = list;
        if (!first) return;
        const chosen = state.text("file", String(first.id));
        const change = (id: string) => {
          state.set("file", id);
          follow(id);
        };
        files.append(choice({ label: "Study file", among: list.map(({ id, name }) => [String(id), name]), value: chosen, change }));
        follow(chosen);
      })
      .catch(failed);
    const take = ([file]: File[]) => {
      events?.close();
      if (file) send<Study[]>("/api/study", file).then(show).catch(failed);
    };
    root.append(files, drop({ label: "A study file", take }), told, studies);
    return () => events?.close();
  },
};
