import { Chart } from "../../crates/plot/src/chart/chart.js";
import "../../crates/plot/src/chart/chart.css";
import { html } from "./element";

/** Curves below each other over one axis, as the crate `wellfit-plot` makes them. */
export interface Curves {
  axis: string;
  marks: [words: string, at: number][];
  panels: { title: string; log: boolean; height: number; lines: { name: string; style: string; points: [number, number | null][] }[] }[];
}

/** Curves that answer the pointer and the keys, with the script of the offline reports. */
export function chart(curves?: Curves): { figure: HTMLElement; show: (curves: Curves) => void } {
  const figure = html("figure", { class: "chart" });
  let drawn: Chart | undefined;
  const show = (curves: Curves) => {
    if (drawn) drawn.show(curves);
    else drawn = new Chart(figure, curves);
  };
  if (curves) show(curves);
  return { figure, show };
}
