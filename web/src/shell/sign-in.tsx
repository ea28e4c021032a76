import { type JSX, useEffect, useRef, useState } from 'react';
import { getJson, send } from '../api/request.ts';
import { remember, type Session } from '../api/session.ts';

/** Reading needs nothing on loopback; changing needs a token, or the agent's unix socket (`ligature ui`). */
export function SignIn(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    getJson<Session>('/api/v1/session').then(
      (found) => setSession(remember(found)),
      () => setSession(undefined),
    );
  }, []);

  const signIn = async (): Promise<void> => {
    const body = JSON.stringify({ token: field.current?.value.trim() ?? '' });
    try {
      setSession(remember(await send<Session>('POST', '/api/v1/session', body, 'application/json')));
      setProblem(undefined);
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const signOut = async (): Promise<void> => {
    await send('DELETE', '/api/v1/session').catch(() => undefined);
    setSession(remember(await getJson<Session>('/api/v1/session')));
  };

  if (session?.via === 'socket') {
    return (
      <span className="who" title={`role ${session.role ?? 'none'}, by the agent's socket`}>
        {session.name}
      </span>
    );
  }
  if (session?.via === 'session') {
    return (
      <>
        <span className="who" title={`role ${session.role ?? 'none'}`}>
          {session.name}
        </span>
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </>
    );
  }
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Sign in
      </button>
      <dialog ref={dialog} aria-labelledby="sign-in-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            void signIn();
          }}
        >
          <h2 id="sign-in-title">Sign in to change things</h2>
          <p>
            The agent made a token at its first start: the file <code>http-token</code> in its state directory. This
            page gets a session for it and forgets it.
          </p>
          <label>
            Token
            <input ref={field} type="password" autoComplete="off" required />
          </label>
          {problem !== undefined && (
            <p className="note bad" role="alert">
              {problem}
            </p>
          )}
          <div className="actions">
            <button type="submit" className="primary">
              Sign in
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
