import type { State } from "./address";

/** One room of the page. */
export interface Panel {
  /** Its word in the address. */
  readonly id: string;
  /** What its tab says. */
  readonly title: string;
  /** A sentence below the headline. */
  readonly about: string;
  /** Builds it under `root`, and returns what takes it down. */
  mount(root: HTMLElement, state: State): () => void;
}
