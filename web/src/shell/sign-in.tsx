import { type JSX, useRef, useState } from 'react';
import { getJson } from '../api/request.ts';
import { storedToken, storeToken } from '../api/session.ts';

/** Reading needs nothing on loopback; changing needs a token. */
export function SignIn(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [signedIn, setSignedIn] = useState(() => storedToken() !== undefined);
  const [problem, setProblem] = useState<string>();

  const signIn = async (): Promise<void> => {
    storeToken(field.current?.value.trim());
    try {
      await getJson('/api/v1/status');
      setSignedIn(storedToken() !== undefined);
      setProblem(undefined);
      dialog.current?.close();
    } catch (error) {
      storeToken(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  if (signedIn) {
    return (
      <button
        type="button"
        onClick={() => {
          storeToken(undefined);
          setSignedIn(false);
        }}
      >
        Sign out
      </button>
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
            The agent made a token at its first start: the file <code>http-token</code> in its state directory. It is
            kept in this tab only.
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
