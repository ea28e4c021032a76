/** The work did not end in time. */
export class TimeLimitExceeded extends Error {
  readonly ms: number;
  constructor(ms: number) {
    super(`not done within ${ms} ms`);
    this.name = 'TimeLimitExceeded';
    this.ms = ms;
  }
}

/**
 * Runs the work; rejects with TimeLimitExceeded after `ms`. `late` gets what the work still yields or throws afterwards, so
 * that nothing it made is leaked.
 */
export async function withinTime<T>(
  ms: number,
  work: () => T | Promise<T>,
  late: (outcome: Outcome<T>) => void,
): Promise<T> {
  let expired = false;
  const running = (async () => work())();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      expired = true;
      reject(new TimeLimitExceeded(ms));
    }, ms);
  });
  running.then(
    (value) => {
      if (expired) late({ value });
    },
    (error: unknown) => {
      if (expired) late({ error });
    },
  );
  try {
    return await Promise.race([running, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };
