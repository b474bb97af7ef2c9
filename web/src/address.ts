/**
 * The state of a panel as it stands in the address, `#panel?key=value&...`: whoever opens the link
 * sees the same.
 */
export class State {
  private readonly values: URLSearchParams;

  constructor(
    private readonly panel: string,
    query: string,
  ) {
    this.values = new URLSearchParams(query);
  }

  /** The word behind `key`, or `otherwise` where the address has none. */
  text(key: string, otherwise: string): string {
    return this.values.get(key) ?? otherwise;
  }

  /** The number behind `key`, or `otherwise` where the address has none that is one. */
  number(key: string, otherwise: number): number {
    const value = Number(this.values.get(key) ?? Number.NaN);
    return Number.isFinite(value) ? value : otherwise;
  }

  /** Puts a value into the address, without a new entry in the browser's history. */
  set(key: string, value: string | number | boolean): void {
    this.put({ [key]: value });
  }

  /** Puts several values into the address at once: browsers refuse to be asked too often. */
  put(values: Record<string, string | number | boolean>): void {
    for (const [key, value] of Object.entries(values)) this.values.set(key, String(value));
    history.replaceState(null, "", `#${this.panel}?${this.values}`);
  }

  /** Takes a value out of the address. */
  remove(key: string): void {
    this.values.delete(key);
    history.replaceState(null, "", `#${this.panel}?${this.values}`);
  }

  /** Everything as the query of a request. */
  query(): string {
    return this.values.toString();
  }
}

/** The panel and the state that the address names. */
export function read(): { panel: string; query: string } {
  const [panel = "", query = ""] = location.hash.slice(1).split("?", 2);
  return { panel, query };
}
