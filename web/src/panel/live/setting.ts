import { choice, drop, slider, toggle } from "../../control";
import { html } from "../../element";
import { send } from "../../request";
import { PRESETS } from "./preset";
import { type Technique, shelf } from "./technique";
import type { Wanted } from "./wanted";

interface Upload {
  id: number;
  columns: string[];
  rows: number;
}

/** What a change asks for: a fresh start, or other strengths or another speed for a run that goes on. */
export type Kind = "start" | "strength" | "speed";

const SOURCES: [string, string][] = [
  ["circle", "circle"],
  ["xor", "crossed squares"],
  ["gauss", "two clouds"],
  ["spiral", "spiral"],
  ["digits", "digits, 8x8 pixels"],
  ["table", "a table of your own"],
];
const SPEEDS: [string, string][] = [
  ["5", "5 epochs a second"],
  ["20", "20 epochs a second"],
  ["50", "50 epochs a second"],
  ["200", "200 epochs a second"],
  ["0", "as fast as it goes"],
];
const ACTIVATIONS = ["relu", "tanh", "sigmoid", "gelu", "silu", "selu"];
const OPTIMIZERS = ["sgd", "adam", "adamw"];

const words = (list: string[]): [string, string][] => list.map((word) => [word, word]);

/** Controls that belong together; on a narrow page they are opened when they are wanted. */
function group(title: string, ...controls: HTMLElement[]): HTMLElement {
  const open = matchMedia("(min-width: 48rem)").matches;
  return html("details", { class: "group", open }, html("summary", {}, title), ...controls);
}

/** A text that counts when it is left or Enter is pressed. */
function text(label: string, value: string, change: (value: string) => void): HTMLElement {
  const id = `text-${label.replaceAll(/\W+/g, "-")}`;
  const input = html("input", { id, type: "text", value, inputmode: "numeric" });
  input.addEventListener("change", () => change(input.value));
  return html("div", { class: "field" }, html("label", { for: id }, label), input);
}

/** The controls; `wanted` is changed in place, and `changed` told what that asks for. */
export class Settings {
  readonly element = html("div", { class: "settings" });
  private columns: string[] = [];

  constructor(
    private readonly wanted: Wanted,
    private readonly techniques: Technique[],
    private readonly changed: (kind: Kind) => void,
    private readonly failed: (error: unknown) => void,
  ) {
    this.build();
  }

  /** Builds all controls anew, where many values have changed at once. */
  build(): void {
    const { wanted } = this;
    const presets = choice({
      label: "Known-good settings",
      among: [["", "choose …"], ...PRESETS.map(({ id, name }): [string, string] => [id, name])],
      value: "",
      change: (id) => this.preset(id),
    });
    this.element.replaceChildren(
      presets,
      group("Data", ...this.data()),
      group(
        "Model and training",
        text("Units of the hidden layers", wanted.widths, (value) => this.set("widths", value)),
        choice({ label: "Activation", among: words(ACTIVATIONS), value: wanted.activation, change: (value) => this.set("activation", value) }),
        choice({ label: "Optimizer", among: words(OPTIMIZERS), value: wanted.optimizer, change: (value) => this.set("optimizer", value) }),
        this.slider("rate", "Learning rate", 1e-5, 10, "log"),
        this.slider("batch", "Batch size", 1, 256, "linear", 255),
        this.slider("epochs", "Epochs", 10, 5000, "linear", 499),
        choice({ label: "Speed", among: SPEEDS, value: String(wanted.speed), change: (value) => this.set("speed", Number(value)) }),
        this.slider("seed", "Seed", 0, 100, "linear", 100),
        toggle({ label: "Beside it the same seed without techniques", value: wanted.beside, change: (value) => this.set("beside", value) }),
      ),
      group("Techniques", shelf(this.techniques, wanted.techniques, () => this.changed("strength"))),
    );
  }

  private set<K extends keyof Wanted>(key: K, value: Wanted[K]): void {
    this.wanted[key] = value;
    this.changed(key === "rate" ? "strength" : key === "speed" ? "speed" : "start");
  }

  private slider(key: "n" | "noise" | "labels" | "validation" | "rate" | "batch" | "epochs" | "seed", label: string, from: number, to: number, scale: "linear" | "log" = "linear", steps = 100): HTMLElement {
    return slider({ label, from, to, scale, steps, value: this.wanted[key], change: (value) => this.set(key, value) }).element;
  }

  private preset(id: string): void {
    const found = PRESETS.find((preset) => preset.id === id);
    if (!found) return;
    Object.assign(this.wanted, structuredClone(found.wanted));
    this.build();
    this.changed("start");
  }

  private data(): HTMLElement[] {
    const { wanted } = this;
    const change = (value: string) => {
      wanted.data = value;
      this.build();
      // A table is first to be sent.
      if (value !== "table" || wanted.table > 0) this.changed("start");
    };
    const parts = [choice({ label: "Examples", among: SOURCES, value: wanted.data, change })];
    if (wanted.data === "table") parts.push(...this.table());
    else if (wanted.data === "digits") parts.push(this.slider("n", "Training examples", 50, 1400, "linear", 135));
    else parts.push(this.slider("n", "Examples", 20, 2000, "linear", 198), this.slider("noise", "Noise", 0, 1));
    parts.push(this.slider("labels", "Share of wrong labels", 0, 0.6, "linear", 60), this.slider("validation", "Share held back to validate", 0.1, 0.9, "linear", 80));
    return parts;
  }

  private table(): HTMLElement[] {
    const { wanted } = this;
    const take = async ([file]: File[]) => {
      if (!file) return;
      const upload = await send<Upload>("/api/live/upload", file);
      this.columns = upload.columns;
      wanted.table = upload.id;
      wanted.target = upload.columns.at(-1) ?? "";
      this.build();
      this.changed("start");
    };
    const place = drop({ label: "A table as CSV, at most 4 MB; it stays on this machine", take: (files) => void take(files).catch(this.failed) });
    if (wanted.table === 0) return [place];
    const columns = this.columns.length > 0 ? this.columns : [wanted.target];
    const target = choice({ label: "Column to predict", among: words(columns), value: wanted.target, change: (value) => this.set("target", value) });
    return [place, target];
  }
}
