import { ModelError } from './errors.ts';

/** What identifies a model. */
export interface ModelSpec {
  /** One or two parts of lower case letters, digits, `-` and `_`, e.g. `vpp.acls`. */
  readonly module: string;
  /** e.g. `acl`. */
  readonly type: string;
  /** `v<number>`, e.g. `v2`. Default `v0`. */
  readonly version: string;
  /** `config` (default): users declare it. Others, e.g. `metrics`, are only read. */
  readonly class: string;
}

/** The spec with its defaults. Throws ModelError `usage` when a part has not the form Ligato demands. */
export function checkedSpec(spec: Pick<ModelSpec, 'module' | 'type'> & Partial<ModelSpec>): ModelSpec {
  const full = { module: spec.module, type: spec.type, version: spec.version ?? 'v0', class: spec.class ?? 'config' };
  requireForm('module', full.module, /^[-a-z0-9_]+(\.[-a-z0-9_]+)?$/);
  requireForm('type', full.type, /^[-a-z0-9_]+(\.[-a-z0-9_]+)?$/);
  requireForm('version', full.version, /^v[0-9]+(-?[a-z0-9]+)?$/);
  requireForm('class', full.class, /^[-a-z0-9_]+$/);
  return full;
}

function requireForm(part: string, text: string, form: RegExp): void {
  if (!form.test(text))
    throw new ModelError('usage', `\`${text}\` is no model ${part}: it has to match ${form.source}`);
}
