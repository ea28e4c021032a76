import { type JSX, useEffect, useState } from 'react';

const steps: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** `3 min`: the largest unit that fits; `now` below a second. */
export function age(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  for (const [size, unit] of steps) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return 'now';
}

/** How long ago, with the exact time for those who point at it. */
export function Ago({ time }: { readonly time: string }): JSX.Element {
  const now = useSeconds();
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {age(now - Date.parse(time))}
    </time>
  );
}

const listeners = new Set<(now: number) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One clock for all that show an age. */
function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    listeners.add(setNow);
    ticking ??= setInterval(() => {
      const time = Date.now();
      for (const listener of listeners) listener(time);
    }, 1000);
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}
