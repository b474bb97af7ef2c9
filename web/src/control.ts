import { digits, html } from "./element";

let count = 0;

/** A labelled slider; `scale` "log" moves through powers of ten. The number stands beside it. */
export function slider(options: {
  label: string;
  from: number;
  to: number;
  value: number;
  scale?: "linear" | "log";
  steps?: number;
  change: (value: number) => void;
}): { element: HTMLElement; set: (value: number) => void } {
  const { label, from, to, scale = "linear", steps = 200, change } = options;
  const id = `slider${++count}`;
  const inward = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const outward = (place: number) => Number((scale === "log" ? 10 ** place : place).toPrecision(6));
  const input = html("input", {
    id,
    type: "range",
    min: inward(from),
    max: inward(to),
    step: (inward(to) - inward(from)) / steps,
  });
  const told = html("output", { for: id });
  const show = (value: number) => {
    told.textContent = digits(value);
    input.setAttribute("aria-valuetext", digits(value));
  };
  const set = (value: number) => {
    input.value = String(inward(value));
    show(value);
  };
  input.addEventListener("input", () => {
    const value = outward(Number(input.value));
    show(value);
    change(value);
  });
  set(options.value);
  return { element: html("div", { class: "field" }, html("label", { for: id }, label), input, told), set };
}

/** A labelled choice among words. */
export function choice(options: {
  label: string;
  among: [value: string, words: string][];
  value: string;
  change: (value: string) => void;
}): HTMLElement {
  const id = `choice${++count}`;
  const input = html("select", { id });
  for (const [value, words] of options.among) {
    input.append(html("option", { value, selected: value === options.value }, words));
  }
  input.addEventListener("change", () => options.change(input.value));
  return html("div", { class: "field" }, html("label", { for: id }, options.label), input);
}

/** A labelled switch. */
export function toggle(options: {
  label: string;
  value: boolean;
  change: (value: boolean) => void;
}): HTMLElement {
  const id = `toggle${++count}`;
  const input = html("input", { id, type: "checkbox", checked: options.value });
  input.addEventListener("change", () => options.change(input.checked));
  return html("div", { class: "field toggle" }, input, html("label", { for: id }, options.label));
}

/** A place for a file: dropped, or chosen. */
export function drop(options: {
  label: string;
  several?: boolean;
  take: (files: File[]) => void;
}): HTMLElement {
  const id = `drop${++count}`;
  const input = html("input", { id, type: "file", multiple: options.several ?? false });
  const place = html("div", { class: "drop" }, html("label", { for: id }, options.label), input);
  const take = (files: FileList | null | undefined) => {
    if (files && files.length > 0) options.take([...files]);
  };
  input.addEventListener("change", () => take(input.files));
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    take(event.dataTransfer?.files);
  });
  return place;
}
