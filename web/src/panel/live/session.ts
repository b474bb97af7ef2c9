import { send } from "../../request";

export type Points = [number, number | null][];

/** How the weights of a layer are spread. */
export interface Layer {
  path: string;
  reach: number;
  counts: number[];
  zeros: number;
}

/** A technique to try, with values to begin with. */
export interface Remedy {
  technique: string;
  reason: string;
  values: Record<string, unknown>;
}

/** The model's answers on a grid, row by row from below. */
export interface Surface {
  side: number;
  class?: number[];
  level: number[];
}

/** A run at one moment, as the server tells it. */
export interface Moment {
  state: string;
  ended: string | null;
  step: number;
  per_epoch: number;
  epochs: number;
  speed: number;
  changes: number[];
  gaps: { metric: string; train: number | null; validation: number | null; gap: number | null }[];
  verdict: { id: string; title: string; sentence: string; confidence: number; remedies: Remedy[] } | null;
  layers: Layer[];
  surface: Surface | null;
  curves: Record<string, Points>;
}

/** What is known of runs when they begin. */
export interface Begun {
  id: number;
  recipe: string;
  file: string | null;
  parameters: number;
  examples: [number, number];
  features: string[];
  classes: string[];
  metric: string;
  range: [[number, number], [number, number]] | null;
  points: [[number, number, number][], [number, number, number][]] | null;
  findings: string[];
  warnings: string[];
}

/** The runs of this page on the server: one, or two side by side. */
export class Session {
  private events: EventSource;
  /** Whether all runs have ended: there is nothing left to stop. */
  private over = false;

  private constructor(
    readonly begun: Begun,
    tell: (moments: Moment[]) => void,
    lost: () => void,
  ) {
    this.events = new EventSource(`/api/live/${begun.id}/events`);
    this.events.onmessage = (event) => {
      const moments: Moment[] = JSON.parse(event.data);
      this.over = moments.every((moment) => moment.ended !== null);
      if (this.over) this.events.close();
      tell(moments);
    };
    // A connection that breaks begins again from the first point: better none than curves twice.
    this.events.onerror = () => {
      this.events.close();
      lost();
    };
  }

  /** Begins runs; they wait before their first step where `paused` says so. */
  static async begin(
    options: { recipe: unknown; beside: boolean; paused: boolean; speed: number | null },
    tell: (moments: Moment[]) => void,
    lost: () => void,
  ): Promise<Session> {
    return new Session(await send<Begun>("/api/live/start", options), tell, lost);
  }

  /** `pause`, `resume` or `stop`. */
  order(word: "pause" | "resume" | "stop"): Promise<void> {
    return send(`/api/live/${this.begun.id}/${word}`);
  }

  /** Other strengths from the next epoch on; gives the recipe that holds now. */
  change(recipe: unknown): Promise<{ recipe: string }> {
    return send(`/api/live/${this.begun.id}/change`, { recipe });
  }

  /** Epochs a second, at most; null for as fast as it goes. */
  slowDown(epochs: number | null): Promise<void> {
    return send(`/api/live/${this.begun.id}/speed`, { epochs });
  }

  /** Leaves the runs, which end. */
  leave(): void {
    this.events.close();
    if (!this.over) void this.order("stop").catch(() => {});
  }
}
