import { START, type Wanted } from "./wanted";

/** Settings that are known to show something. */
export interface Preset {
  id: string;
  name: string;
  wanted: Wanted;
}

const preset = (id: string, name: string, wanted: Partial<Wanted>): Preset => ({
  id,
  name,
  wanted: { ...START, ...wanted },
});

const digits: Partial<Wanted> = {
  data: "digits",
  n: 500,
  labels: 0.2,
  validation: 0.3,
  widths: "128,128",
  activation: "relu",
  rate: 0.001,
  batch: 32,
  epochs: 120,
  speed: 0,
};

export const PRESETS: Preset[] = [
  preset("circle", "A circle with a blurred border, learned by heart", {}),
  preset("circle-cured", "The same with weight decay, side by side", { beside: true, techniques: { weight_decay: { lambda: 0.3 } } }),
  preset("circle-clean", "A clean circle: nothing to cure", { noise: 0, widths: "8", epochs: 300, rate: 0.03 }),
  preset("xor", "Crossed squares, few examples", { data: "xor", n: 100, noise: 0.2, epochs: 600 }),
  preset("xor-cured", "The same with weight decay, side by side", {
    data: "xor",
    n: 100,
    noise: 0.2,
    epochs: 600,
    beside: true,
    techniques: { weight_decay: { lambda: 0.3 } },
  }),
  preset("spiral", "A noisy spiral, learned by heart", { data: "spiral", epochs: 600 }),
  preset("digits", "Digits with wrong labels, learned by heart", digits),
  preset("digits-cured", "The same with dropout and weight decay, side by side", {
    ...digits,
    beside: true,
    techniques: { dropout: { rate: 0.4, input_rate: 0.1 }, weight_decay: { lambda: 1 } },
  }),
];
