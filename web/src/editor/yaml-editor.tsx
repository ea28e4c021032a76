import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, defaultHighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { type JSX, useEffect, useRef } from 'react';
import type { ApiProblem } from '../api/request.ts';
import { placeOf } from './place.ts';
import { type Schema, schemaAt, suggestions } from './schema.ts';

interface Properties {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly schema: Schema | undefined;
  readonly problems: readonly ApiProblem[];
}

/** YAML with completion and documentation from the agent's own schema; problems stand at their lines. */
export function YamlEditor({ text, onChange, schema, problems }: Properties): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const current = useRef({ schema, onChange });
  current.current = { schema, onChange };

  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    const editor = new EditorView({
      parent,
      state: EditorState.create({ doc: text, extensions: extensions(() => current.current) }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The editor owns the text from here on; other texts come by the next effect.
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.flatMap((problem) => diagnostic(editor.state, problem)),
      ),
    );
  }, [problems]);

  return <div className="editor" ref={place} />;
}

function extensions(current: () => { schema: Schema | undefined; onChange: (text: string) => void }) {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    indentUnit.of('  '),
    yaml(),
    syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
    lintGutter(),
    autocompletion({ override: [(context) => complete(context, current().schema)] }),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Configuration in YAML' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) current().onChange(update.state.doc.toString());
    }),
  ];
}

function complete(context: CompletionContext, schema: Schema | undefined): CompletionResult | null {
  if (schema === undefined) return null;
  const { path, word, valueOf } = placeOf(context.state.sliceDoc(0, context.pos));
  if (word === '' && !context.explicit && valueOf === undefined) return null;
  const here = schemaAt(schema, path);
  if (here === undefined) return null;
  const options = suggestions(schema, here).filter(({ kind }) => (valueOf === undefined) === (kind === 'field'));
  return {
    from: context.pos - word.length,
    validFor: /^[\w.-]*$/,
    options: options.map(({ label, kind, detail, description }) => ({
      label,
      type: kind === 'field' ? 'property' : 'enum',
      detail,
      ...(description === '' ? {} : { info: description }),
      apply: kind === 'field' ? `${label}: ` : label,
    })),
  };
}

function diagnostic(state: EditorState, problem: ApiProblem): Diagnostic[] {
  if (problem.line === undefined || problem.line < 1 || problem.line > state.doc.lines) return [];
  const line = state.doc.line(problem.line);
  const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
  return [{ from, to: line.to, severity: 'error', message: problem.message }];
}
