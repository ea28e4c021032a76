import type { JSX, ReactNode } from 'react';
import type { ApiError } from '../api/request.ts';

/** What went wrong, with every place the agent named. */
export function ErrorNote({ error }: { readonly error: ApiError }): JSX.Element {
  return (
    <div className="note bad" role="alert">
      <strong>{error.message}</strong>
      {error.status === 401 && <p>Changing needs a token: “Sign in” at the top right says where it is.</p>}
      {error.problems.length > 0 && (
        <ul>
          {error.problems.map((problem, index) => (
            <li key={index}>
              {problem.line !== undefined && `line ${problem.line}: `}
              {problem.key !== undefined && <code>{problem.key} </code>}
              {problem.field !== undefined && problem.field !== '' && <code>{problem.field}: </code>}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Empty({ children }: { readonly children: ReactNode }): JSX.Element {
  return <p className="empty">{children}</p>;
}

export function Loading(): JSX.Element {
  return (
    <p className="empty" role="status">
      Loading …
    </p>
  );
}
