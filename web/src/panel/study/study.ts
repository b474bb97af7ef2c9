/** A trial as the server tells it. */
export interface Trial {
  number: number;
  state: string;
  value: number | null;
  /** The best value up to this trial. */
  best: number | null;
  /** Step and value on the way. */
  steps: [number, number | null][];
  recipe: string;
}

/** A study of a file. */
export interface Study {
  name: string;
  direction: "minimize" | "maximize";
  count: number;
  running: number;
  trials: Trial[];
  best: number | null;
}

/** What a trial has come to: its value, or the last on its way. */
export function reached(trial: Trial): number | null {
  return trial.value ?? trial.steps.at(-1)?.[1] ?? null;
}

/** How a trial is drawn. */
export function kind(trial: Trial, study: Study): string {
  if (trial.number === study.best) return "best";
  return trial.state === "whole" ? "" : "part";
}
