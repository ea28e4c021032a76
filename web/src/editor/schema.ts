/** What may stand at a place of a configuration, from the JSON schema the agent serves. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
}

export interface Suggestion {
  readonly label: string;
  readonly kind: 'field' | 'value';
  readonly detail: string;
  readonly description: string;
}

/** Follows names (`-` for the element of a list) from the root. Undefined: the schema knows no such place. */
export function schemaAt(root: Schema, path: readonly string[]): Schema | undefined {
  let here: Schema | undefined = resolve(root, root);
  for (const step of path) {
    if (here === undefined) return undefined;
    const candidates: readonly Schema[] = [here, ...(here.anyOf ?? []), ...(here.oneOf ?? [])].map((one) =>
      resolve(root, one),
    );
    here = candidates
      .map((one) => (step === '-' ? one.items : one.properties?.[step]))
      .find((one) => one !== undefined);
    here = here === undefined ? undefined : resolve(root, here);
  }
  return here;
}

function resolve(root: Schema, schema: Schema): Schema {
  const name = schema.$ref?.match(/^#\/(?:\$defs|definitions)\/(.+)$/)?.[1];
  if (name === undefined) return schema;
  const target = root.$defs?.[name] ?? root.definitions?.[name];
  return target === undefined
    ? schema
    : { ...target, ...(schema.description ? { description: schema.description } : {}) };
}

/** Fields that may stand at a place, or the values it may have. */
export function suggestions(root: Schema, place: Schema): readonly Suggestion[] {
  const all = [place, ...(place.anyOf ?? []), ...(place.oneOf ?? [])].map((one) => resolve(root, one));
  const fields = all.flatMap((one) =>
    Object.entries(one.properties ?? {}).map(([label, field]): Suggestion => {
      const target = resolve(root, field);
      return {
        label,
        kind: 'field',
        detail: typeName(root, target),
        description: field.description ?? target.description ?? '',
      };
    }),
  );
  const values = all.flatMap((one) => [
    ...(one.enum ?? []).map((value): Suggestion => valueOf(String(value), one)),
    ...(one.type === 'boolean' ? ['true', 'false'].map((value) => valueOf(value, one)) : []),
  ]);
  return [...fields, ...values];
}

function valueOf(label: string, schema: Schema): Suggestion {
  return { label, kind: 'value', detail: '', description: schema.description ?? '' };
}

function typeName(root: Schema, schema: Schema): string {
  if (schema.enum) return 'one of a list';
  if (schema.items) return `list of ${typeName(root, resolve(root, schema.items))}`;
  if (schema.properties) return 'object';
  return [schema.type ?? '']
    .flat()
    .filter((name) => name !== 'null')
    .join(' or ');
}
