import { type JSX, useState } from 'react';
import { ApiError, getJson, send } from '../api/request.ts';
import { useAnswer } from '../live/use-answer.ts';
import { ErrorNote, Loading } from '../parts/notes.tsx';

interface Logger {
  readonly logger: string;
  readonly level: string;
}

const levels = ['debug', 'info', 'warning', 'error', 'fatal', 'panic'] as const;

/** Levels of the agent's loggers, changed while it runs. */
export function LogPage(): JSX.Element {
  const { data, error, reload } = useAnswer((signal) => getJson<readonly Logger[]>('/log/list', signal), []);
  const [problem, setProblem] = useState<ApiError>();
  const change = async (logger: string, level: string): Promise<void> => {
    setProblem(undefined);
    try {
      await send('PUT', `/log/${encodeURIComponent(logger)}/${level}`);
    } catch (caught) {
      setProblem(caught instanceof ApiError ? caught : new ApiError(String(caught), 0, 'failed'));
    }
    reload();
  };
  return (
    <div className="page">
      <h1>Log levels</h1>
      {error && <ErrorNote error={error} />}
      {problem && <ErrorNote error={problem} />}
      {!data && !error && <Loading />}
      <table>
        <thead>
          <tr>
            <th scope="col">logger</th>
            <th scope="col">level</th>
          </tr>
        </thead>
        <tbody>
          {data?.map(({ logger, level }) => (
            <tr key={logger}>
              <th scope="row">{logger}</th>
              <td>
                <select
                  aria-label={`Level of ${logger}`}
                  value={level}
                  onChange={(event) => void change(logger, event.target.value)}
                >
                  {(levels as readonly string[]).includes(level) ? null : <option>{level}</option>}
                  {levels.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
