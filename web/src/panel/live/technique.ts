import { slider, toggle } from "../../control";
import { html } from "../../element";
import type { Values } from "./wanted";

/** A technique as the server's shelf has it. */
export interface Technique {
  id: string;
  name: string;
  family: string;
  one_line: string;
  formula: string;
  paper: string;
  when: string;
  watch_out: string;
  note?: string;
  values: Values | null;
  search: { key: string; low: number; high: number; scale: "linear" | "log" }[];
}

const FAMILIES: Record<string, string> = {
  weight_based: "Weights",
  architecture_based: "Layers",
  data_based: "Data",
  training_control: "Training",
  noise_based: "Noise",
  bayesian: "Bayesian",
};

let count = 0;

function number(label: string, value: number, change: (value: number) => void): HTMLElement {
  const id = `value${++count}`;
  const input = html("input", { id, type: "number", step: "any", value });
  input.addEventListener("change", () => {
    if (Number.isFinite(input.valueAsNumber)) change(input.valueAsNumber);
  });
  return html("div", { class: "field" }, html("label", { for: id }, label), input);
}

/** What a key of a technique is set by: wider than a search would go. */
function field(technique: Technique, key: string, value: unknown, change: (value: unknown) => void): HTMLElement | undefined {
  const range = technique.search.find((one) => one.key === key);
  if (typeof value === "boolean") return toggle({ label: key, value, change });
  if (typeof value !== "number") return undefined;
  if (!range) return number(key, value, change);
  const wide = range.scale === "log" ? 10 : 1;
  const [from, to] = [Math.min(range.low / wide, value), Math.max(range.high * wide, value)];
  const whole = Number.isInteger(range.low) && Number.isInteger(range.high) && range.scale === "linear" && to - from > 2;
  const steps = whole ? { steps: to - from } : {};
  return slider({ label: key, from, to, value, scale: range.scale, ...steps, change }).element;
}

function row(technique: Technique, on: Record<string, Values>, changed: () => void): HTMLElement {
  const { id, name, one_line, formula, when, watch_out, note } = technique;
  const fields = html("div", { class: "values" });
  const show = () => {
    const values = on[id];
    fields.replaceChildren();
    for (const [key, value] of Object.entries(values ?? {})) {
      const set = (next: unknown) => {
        if (values) values[key] = next;
        changed();
      };
      const made = field(technique, key, value, set);
      if (made) fields.append(made);
    }
  };
  const change = (switched: boolean) => {
    if (switched) on[id] = structuredClone(technique.values ?? {});
    else delete on[id];
    show();
    changed();
  };
  show();
  const more = html("details", {}, html("summary", {}, "when, and what to watch out for"), html("p", {}, when), html("p", {}, watch_out));
  return html(
    "div",
    { class: "technique", "data-technique": id },
    toggle({ label: name, value: id in on, change }),
    fields,
    html("p", { class: "card" }, one_line, " ", html("code", {}, formula)),
    ...(note ? [html("p", { class: "card" }, note)] : []),
    more,
  );
}

/** All techniques as switches with their cards: those in use, then shelf by shelf; `on` is changed in place. */
export function shelf(techniques: Technique[], on: Record<string, Values>, changed: () => void): HTMLElement {
  const rows = (own: Technique[]) => own.map((technique) => row(technique, on, changed));
  const used = techniques.filter((technique) => technique.id in on);
  const place = html("div", { class: "shelf" }, ...rows(used));
  for (const [family, words] of Object.entries(FAMILIES)) {
    const own = techniques.filter((technique) => technique.family === family && !used.includes(technique));
    place.append(html("details", {}, html("summary", {}, `${words} (${own.length})`), ...rows(own)));
  }
  return place;
}
