import type { State } from "../../address";

/** The values of one technique, as they stand in a recipe. */
export type Values = Record<string, unknown>;

/** Everything that a person has chosen: the state in the address. */
export interface Wanted {
  data: string;
  n: number;
  noise: number;
  labels: number;
  validation: number;
  /** The table that was sent, and its column to predict. */
  table: number;
  target: string;
  widths: string;
  activation: string;
  optimizer: string;
  rate: number;
  batch: number;
  epochs: number;
  seed: number;
  /** Epochs a second at most; 0 for as fast as it goes. */
  speed: number;
  beside: boolean;
  techniques: Record<string, Values>;
}

export const START: Wanted = {
  data: "circle",
  n: 300,
  noise: 0.25,
  labels: 0,
  validation: 0.5,
  table: 0,
  target: "",
  widths: "32,32",
  activation: "tanh",
  optimizer: "adam",
  rate: 0.01,
  batch: 16,
  epochs: 400,
  seed: 1,
  speed: 50,
  beside: false,
  techniques: {},
};

function techniques(text: string): Record<string, Values> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, Values>) : {};
  } catch {
    return {};
  }
}

/** What the address asks for. */
export function read(state: State): Wanted {
  const wanted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(START)) {
    if (typeof value === "number") wanted[key] = state.number(key, value);
    else if (typeof value === "boolean") wanted[key] = state.text(key, String(value)) === "true";
    else if (typeof value === "string") wanted[key] = state.text(key, value);
    else wanted[key] = techniques(state.text(key, "{}"));
  }
  return wanted as unknown as Wanted;
}

/** Puts all of it into the address. */
export function write(wanted: Wanted, state: State): void {
  state.put({ ...wanted, techniques: JSON.stringify(wanted.techniques) });
}

function source(wanted: Wanted): Record<string, unknown> {
  const labels = wanted.labels > 0 ? { label_noise: wanted.labels } : {};
  const split = { validation: wanted.validation, test: 0, ...labels };
  if (wanted.data === "digits") return { digits: {}, first: wanted.n, ...split };
  if (wanted.data === "table") return { upload: { id: wanted.table, target: wanted.target }, ...split };
  return { shape: { kind: wanted.data, n: wanted.n, noise: wanted.noise }, ...split };
}

/** The recipe, with the page's word for the source of the data. */
export function recipe(wanted: Wanted): unknown {
  const { activation, seed, epochs, optimizer } = wanted;
  const widths = wanted.widths.split(",").filter((word) => word.trim() !== "").map(Number);
  return {
    seed,
    data: source(wanted),
    model: { mlp: { widths, activation } },
    train: { epochs, batch_size: wanted.batch, learning_rate: wanted.rate, optimizer },
    regularize: Object.entries(wanted.techniques).map(([id, values]) => ({ [id]: values })),
  };
}
