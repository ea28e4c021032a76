import { type JSX, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { getJson } from '../api/request.ts';
import type { AgentStatus } from '../api/types.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { places } from './places.ts';
import { SignIn } from './sign-in.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function Shell({ children }: { readonly children: ReactNode }): JSX.Element {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  useShortcuts();
  useTitle(path);
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to content
      </a>
      <header className="top">
        <Identity />
        <LiveLight />
        <ThemeSwitch />
        <SignIn />
      </header>
      <nav className="side" aria-label="Pages">
        {places.map((place) => (
          <Link
            key={place.path}
            href={place.path}
            aria-current={isCurrent(place.path, path) ? 'page' : undefined}
            title={`g then ${place.key}`}
          >
            {place.name}
          </Link>
        ))}
      </nav>
      <main ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function isCurrent(place: string, path: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}

function useTitle(path: string): void {
  useEffect(() => {
    const place = places.find((one) => isCurrent(one.path, path));
    document.title = place === undefined ? 'Ligature' : `${place.name} · Ligature`;
  }, [path]);
}

function Identity(): JSX.Element {
  const { connection } = useLive();
  const { data } = useAnswer((signal) => getJson<AgentStatus>('/api/v1/status', signal), [connection]);
  return (
    <div className="identity">
      <Link href="/" className="brand">
        Ligature
      </Link>
      {data && (
        <span className="agent">
          {data.label} · {data.engine === '' ? 'no engine' : data.engine}
          {data.vswitch === undefined ? '' : ` in ${data.vswitch}`}
        </span>
      )}
    </div>
  );
}

/** Whether what is shown is what is. */
function LiveLight(): JSX.Element {
  const { connection, reason } = useLive();
  const words = { connecting: 'connecting', live: 'live', lost: 'connection lost, trying again' };
  return (
    <span className={`live ${connection}`} role="status" title={reason}>
      {words[connection]}
    </span>
  );
}
