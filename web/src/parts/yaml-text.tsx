import type { JSX } from 'react';
import { stringify } from 'yaml';
import { lineDifference } from './line-difference.ts';

/** A value as people write it: block YAML, the way the configuration files look. */
export function asYaml(value: unknown): string {
  return value === null || value === undefined ? '' : stringify(value, { indent: 2, lineWidth: 100 });
}

export function Yaml({ value, label }: { readonly value: unknown; readonly label: string }): JSX.Element {
  return (
    <pre className="yaml" aria-label={label} tabIndex={0}>
      {asYaml(value) || '–'}
    </pre>
  );
}

export function YamlDifference({
  left,
  right,
  label,
}: {
  readonly left: unknown;
  readonly right: unknown;
  readonly label: string;
}): JSX.Element {
  const marks = { same: '  ', added: '+ ', removed: '- ' };
  return (
    <pre className="yaml" aria-label={label} tabIndex={0}>
      {lineDifference(asYaml(left), asYaml(right)).map(([mark, text], index) => (
        <span key={index} className={`line ${mark}`}>
          {marks[mark]}
          {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
