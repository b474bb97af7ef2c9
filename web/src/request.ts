/** What the server refuses, in its own sentence. */
export class Refused extends Error {}

async function told<T>(answer: Response): Promise<T> {
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const body: { error?: string } = await answer.json().catch(() => ({}));
  throw new Refused(body.error ?? `the server answered ${answer.status}`);
}

/** Asks for `path` with `query`. */
export async function ask<T>(path: string, query: URLSearchParams, stop?: AbortSignal): Promise<T> {
  return told(await fetch(`${path}?${query}`, { signal: stop ?? null }));
}

/** Sends `body` to `path`: an object as JSON, a file as it is. */
export async function send<T>(path: string, body: unknown = {}): Promise<T> {
  const raw = body instanceof Blob;
  const headers = new Headers(raw ? [] : [["content-type", "application/json"]]);
  const text = raw ? body : JSON.stringify(body);
  return told(await fetch(path, { method: "POST", headers, body: text }));
}

/**
 * Runs `work` for the newest of its arguments alone: one at a time, and what came in between is left
 * out, so that a dragged slider never queues.
 */
export function newest<A>(work: (argument: A) => Promise<void>): (argument: A) => void {
  let running = false;
  let next: { argument: A } | undefined;
  const run = async (argument: A): Promise<void> => {
    running = true;
    try {
      await work(argument);
    } finally {
      running = false;
      const waiting = next;
      next = undefined;
      if (waiting) void run(waiting.argument);
    }
  };
  return (argument) => {
    if (running) next = { argument };
    else void run(argument);
  };
}
